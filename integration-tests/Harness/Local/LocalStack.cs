using System.Diagnostics;
using System.Text.Json;
using System.Text.Json.Nodes;
using Cdc.Harness.Commands;
using Cdc.Harness.Waiting;
using LocalAws.Hosting;

namespace Cdc.Harness.Local;

/// <summary>
/// A local AWS with a folder of its own. It runs detached, so that it can outlive the program that started it, and is found again by its
/// folder; whatever was killed before, the next start and <see cref="StopAsync"/> clear what is left.
/// </summary>
public sealed class LocalStack
{
    private static readonly TimeSpan StartLimit = TimeSpan.FromSeconds(90);
    private static readonly TimeSpan StopLimit = TimeSpan.FromSeconds(30);
    private static readonly HttpClient Http = new() { Timeout = TimeSpan.FromSeconds(30) };

    private readonly string _folder;
    private readonly ProcessList _gateways;

    /// <param name="folder">Folder of the stack.</param>
    public LocalStack(string folder)
    {
        _folder = folder;
        _gateways = new ProcessList(Path.Combine(folder, "process"));
    }

    /// <summary>The gateway's own output; those of databases, functions and runs lie beside it in <c>logs</c>.</summary>
    public string LogFile => Path.Combine(_folder, "localaws.log");

    /// <summary>Port of the stack that was started last in this folder; null when there was none.</summary>
    public int? Port => File.Exists(PortFile) && int.TryParse(File.ReadAllText(PortFile), out var port) ? port : null;

    private string Home => Path.Combine(_folder, "home");

    private string PortFile => Path.Combine(Home, "port");

    /// <summary>The program, as <c>dotnet build -c Release</c> leaves it.</summary>
    public static string Program { get; } = Path.Combine(
        RepositoryLayout.Root, "localaws", "src", "LocalAws", "bin", "Release", "net10.0", "localaws");

    /// <summary>Whether the stack of this folder runs and answers.</summary>
    public async Task<bool> IsRunningAsync(CancellationToken cancellationToken) =>
        Port is { } port && GatewayId is not null && await HealthAsync(port, cancellationToken) is { IsReady: true };

    /// <summary>Starts the stack on a port that is free.</summary>
    /// <returns>The port.</returns>
    /// <exception cref="LocalStackException">It ended or did not answer in time.</exception>
    public async Task<int> StartAsync(CancellationToken cancellationToken)
    {
        var port = Ports.Free();
        await StartAsync(port, cancellationToken);
        return port;
    }

    /// <summary>Starts the stack after clearing what an earlier one left.</summary>
    /// <exception cref="PortInUseException">Another program listens there.</exception>
    /// <exception cref="LocalStackException">It ended or did not answer in time.</exception>
    public async Task StartAsync(int port, CancellationToken cancellationToken)
    {
        // Before the stop: a port that another program has must not cost the stack that runs on its own.
        if (!(port == Port && GatewayId is not null) && !Ports.IsFree(port))
        {
            throw new PortInUseException(port);
        }

        await StopAsync(cancellationToken);
        if (!Ports.IsFree(port))
        {
            throw new PortInUseException(port);
        }

        Directory.CreateDirectory(Home);
        await File.WriteAllTextAsync(PortFile, $"{port}", cancellationToken);
        var process = await StartDetachedAsync(port, cancellationToken);
        _gateways.Add(process, "localaws", null);
        try
        {
            await Eventually.BecomesAsync(
                "the local AWS answers",
                async token => process.HasExited
                    ? throw new LocalStackException($"The local AWS ended while it started. The end of {LogFile}:\n{Tail()}")
                    : await HealthAsync(port, token) is { IsReady: true },
                ready => ready,
                StartLimit,
                cancellationToken);
        }
        catch (OperationCanceledException)
        {
            // What was only half started is nobody's.
            await StopAsync(CancellationToken.None);
            throw;
        }
        catch (TimeoutException late)
        {
            throw new LocalStackException($"{late.Message} The end of {LogFile}:\n{Tail()}");
        }
    }

    /// <summary>Stops the stack with all its processes and removes its data; nothing happens when there is none.</summary>
    public async Task StopAsync(CancellationToken cancellationToken)
    {
        if (GatewayId is { } id)
        {
            using var terminate = Process.Start("kill", ["-TERM", $"{id}"]);
            await terminate.WaitForExitAsync(cancellationToken);
            var watch = Stopwatch.StartNew();
            while (GatewayId is not null && watch.Elapsed < StopLimit)
            {
                await Task.Delay(50, cancellationToken);
            }
        }

        // What did not listen, and what a gateway that was killed left behind.
        _gateways.Clear();
        new ProcessList(Path.Combine(Home, "processes")).Clear();
        if (Directory.Exists(Home))
        {
            Directory.Delete(Home, recursive: true);
        }
    }

    /// <summary>Everything that exists: kind → names.</summary>
    public async Task<SortedDictionary<string, string[]>> InventoryAsync(CancellationToken cancellationToken)
    {
        var json = JsonNode.Parse(await Http.GetStringAsync($"http://127.0.0.1:{Port}/_localaws/inventory", cancellationToken))!.AsObject();
        return new SortedDictionary<string, string[]>(
            json.ToDictionary(item => item.Key, item => item.Value!.AsArray().Select(name => name!.GetValue<string>()).ToArray()),
            StringComparer.Ordinal);
    }

    /// <summary>Names and ids of the stack's processes.</summary>
    public async Task<IReadOnlyList<(string Name, int Id)>> ProcessesAsync(CancellationToken cancellationToken) =>
        (Port is { } port ? await HealthAsync(port, cancellationToken) : null)?.Processes ?? [];

    /// <summary>What the local AWS at a port says of itself, started from whatever folder; null when none answers.</summary>
    public static async Task<StackHealth?> HealthAsync(int port, CancellationToken cancellationToken)
    {
        try
        {
            // One that is starting, or has failed, answers with 503 and says so.
            using var response = await Http.GetAsync(new Uri($"http://127.0.0.1:{port}/_localaws/health"), cancellationToken);
            return StackHealth.Read(JsonNode.Parse(await response.Content.ReadAsStringAsync(cancellationToken)));
        }
        catch (Exception other) when (other is HttpRequestException or JsonException)
        {
            // Nothing listens, or a program that is no local AWS.
            return null;
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            // The client's own limit: slow is not ready, and the caller asks again.
            return null;
        }
    }

    /// <summary>The last lines of the log.</summary>
    public string Tail(int lines = 20) => File.Exists(LogFile) ? string.Join('\n', File.ReadLines(LogFile).TakeLast(lines)) : "";

    private int? GatewayId => _gateways.Running().Select(id => (int?)id).FirstOrDefault();

    private async Task<Process> StartDetachedAsync(int port, CancellationToken cancellationToken)
    {
        // A session of its own: neither Ctrl+C in the terminal nor the end of this program reaches it.
        var start = new ProcessStartInfo("bash")
        {
            RedirectStandardOutput = true,
            WorkingDirectory = _folder,
        };
        foreach (var argument in
            (string[])["-c", "log=$1; shift; \"$@\" >\"$log\" 2>&1 </dev/null & echo $!",
            "localaws", LogFile, .. Session.Launcher, Program,
            "--home", Home, "--python", RepositoryLayout.Python, "--jars", RepositoryLayout.Jars,
            "--postgresql", RepositoryLayout.Postgres, "--cache", RepositoryLayout.Cache, "--port", $"{port}"])
        {
            start.ArgumentList.Add(argument);
        }

        // The stack is an AWS: it must not look for another one, nor for credentials of whoever starts it.
        foreach (var name in start.Environment.Keys.Where(name => name.StartsWith("AWS_", StringComparison.Ordinal)).ToList())
        {
            start.Environment.Remove(name);
        }

        using var shell = Process.Start(start)!;
        var id = int.Parse(
            (await shell.StandardOutput.ReadLineAsync(cancellationToken))!, System.Globalization.CultureInfo.InvariantCulture);
        await shell.WaitForExitAsync(cancellationToken);
        try
        {
            return Process.GetProcessById(id);
        }
        catch (ArgumentException)
        {
            throw new LocalStackException($"The local AWS ended at once. The end of {LogFile}:\n{Tail()}");
        }
    }
}
