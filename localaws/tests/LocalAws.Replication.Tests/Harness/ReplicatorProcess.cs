using System.Diagnostics;
using System.Text.Json;
using LocalAws.Replication.Messages;

namespace LocalAws.Replication.Tests.Harness;

/// <summary>The replicator itself, as its parent starts it.</summary>
internal sealed class ReplicatorProcess : IAsyncDisposable
{
    private readonly List<ReplicatorMessage> _messages = [];
    private readonly Process _process;
    private readonly Task<string> _errors;
    private readonly Task _reading;

    private ReplicatorProcess(Process process)
    {
        _process = process;
        _errors = process.StandardError.ReadToEndAsync();
        _reading = ReadAsync();
    }

    public int ExitCode => _process.ExitCode;

    /// <summary>Bytes of memory that the running process has had at most.</summary>
    public long PeakMemory
    {
        get
        {
            _process.Refresh();
            return _process.PeakWorkingSet64;
        }
    }

    public IReadOnlyList<ReplicatorMessage> Messages
    {
        get
        {
            lock (_messages)
            {
                return [.. _messages];
            }
        }
    }

    public static async Task<ReplicatorProcess> StartAsync(object specification, params string[] arguments)
    {
        var start = new ProcessStartInfo("dotnet", ["exec", Path.Combine(AppContext.BaseDirectory, "replicator.dll"), .. arguments])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        var replicator = new ReplicatorProcess(Process.Start(start)!);
        await replicator._process.StandardInput.WriteLineAsync(JsonSerializer.Serialize(specification, ContractJson.Options));
        await replicator._process.StandardInput.FlushAsync();
        return replicator;
    }

    public IEnumerable<T> Of<T>()
        where T : ReplicatorMessage => Messages.OfType<T>();

    /// <summary>The last statistics of a table.</summary>
    public TableMessage? Table(string name) => Of<TableMessage>().LastOrDefault(message => message.Table == name);

    /// <summary>Waits until a condition over the messages holds; a process that ends before is a failure.</summary>
    public async Task UntilAsync(string what, Func<ReplicatorProcess, bool> holds, int seconds = 60) =>
        await Eventually.BecomesAsync(
            what,
            () => Task.FromResult((Holds: holds(this), Ended: _process.HasExited, Log: Describe())),
            seen => seen.Holds || (seen.Ended ? throw new InvalidOperationException($"{what}: the replicator ended.\n{seen.Log}") : false),
            seconds);

    public Task UntilLoadedAsync(params string[] tables) =>
        UntilAsync(
            $"The load of {string.Join(", ", tables)}", self => tables.All(table => self.Table(table)?.State == TableStates.Completed));

    /// <summary>Waits for the last statistics of a table, which a stopped process has sent too.</summary>
    public Task UntilAppliedAsync(string table, Func<TableMessage, bool> holds) =>
        Eventually.BecomesAsync(
            $"Statistics of {table}", () => Task.FromResult(Table(table)), message => message is not null && holds(message));

    public async Task AskToStopAsync()
    {
        await _process.StandardInput.WriteLineAsync("""{"command":"stop"}""");
        await _process.StandardInput.FlushAsync();
    }

    /// <summary>Asks for tables of the schema public to be loaded again.</summary>
    public async Task ReloadAsync(params string[] tables)
    {
        var command = new ReplicatorCommand
        {
            Command = ReplicatorCommand.Reload,
            Tables = [.. tables.Select(table => new NamedTable("public", table))],
        };
        await _process.StandardInput.WriteLineAsync(JsonSerializer.Serialize(command, ContractJson.Options));
        await _process.StandardInput.FlushAsync();
    }

    /// <summary>Asks for a stop and waits for the end.</summary>
    public async Task StopAsync()
    {
        await AskToStopAsync();
        await EndAsync();
        if (_process.ExitCode != 0)
        {
            throw new InvalidOperationException($"Exit code {_process.ExitCode}.\n{Describe()}");
        }
    }

    public async Task EndAsync()
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        try
        {
            await _process.WaitForExitAsync(limit.Token);
            await _reading;
        }
        catch (OperationCanceledException)
        {
            throw new TimeoutException($"The replicator did not end.\n{Describe()}");
        }
    }

    public void CloseInput() => _process.StandardInput.Close();

    /// <summary>SIGKILL.</summary>
    public async Task KillAsync()
    {
        _process.Kill();
        await EndAsync();
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            _process.Kill();
            await _process.WaitForExitAsync();
        }

        _process.Dispose();
    }

    /// <summary>All that it said.</summary>
    public string Describe() =>
        string.Join('\n', Messages.Select(message => message.ToString())) + (_errors.IsCompleted ? "\n" + _errors.Result : "");

    private async Task ReadAsync()
    {
        while (await _process.StandardOutput.ReadLineAsync() is { } line)
        {
            var message = JsonSerializer.Deserialize<ReplicatorMessage>(line, ContractJson.Options)!;
            lock (_messages)
            {
                _messages.Add(message);
            }
        }
    }
}
