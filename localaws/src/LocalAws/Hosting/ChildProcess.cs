using System.Diagnostics;

namespace LocalAws.Hosting;

/// <summary>A running child: its output, its end, and how to end it.</summary>
internal sealed class ChildProcess : IAsyncDisposable
{
    private const int KeptLines = 40;
    private static readonly TimeSpan DrainLimit = TimeSpan.FromSeconds(5);

    private readonly Process _process;
    private readonly Queue<string> _lastLines = new();
    private readonly StreamWriter? _log;
    private readonly Task _output;
    private readonly Action _forget;
    private readonly TimeProvider _clock;
    private readonly ILogger _logger;

    /// <param name="spec">What was started.</param>
    /// <param name="process">What runs, with all its streams redirected.</param>
    /// <param name="forget">Called when it has ended.</param>
    /// <param name="clock">Measures the waits.</param>
    /// <param name="logger">Is told of a callback that throws.</param>
    public ChildProcess(ChildProcessSpec spec, Process process, Action forget, TimeProvider clock, ILogger logger)
    {
        Name = spec.Name;
        (_process, _forget, _clock, _logger) = (process, forget, clock, logger);
        if (spec.LogFile is { } logFile)
        {
            Directory.CreateDirectory(Path.GetDirectoryName(logFile)!);
            _log = new StreamWriter(logFile, append: true) { AutoFlush = true };
        }

        _output = Task.WhenAll(PumpAsync(process.StandardOutput, spec.OnOutput), PumpAsync(process.StandardError, spec.OnError));
        Completion = WaitAsync();
    }

    public string Name { get; }

    public int Id => _process.Id;

    public bool HasExited => _process.HasExited;

    public StreamWriter Input => _process.StandardInput;

    /// <summary>Ends with the exit code when the process has ended and all that it wrote was read.</summary>
    public Task<int> Completion { get; }

    /// <summary>The last lines that the process wrote, for error messages.</summary>
    public string LastLines()
    {
        lock (_lastLines)
        {
            return string.Join('\n', _lastLines);
        }
    }

    /// <summary>Asks the process to end with SIGTERM, or kills the whole tree when it does not within the grace.</summary>
    public async Task StopAsync(TimeSpan grace)
    {
        if (!_process.HasExited && !OperatingSystem.IsWindows())
        {
            await Signals.SendAsync(_process.Id, Signals.Terminate);
            await Task.WhenAny(_process.WaitForExitAsync(), Task.Delay(grace, _clock));
        }

        Kill();
        await Completion;
    }

    /// <summary>Kills the process and everything that it started.</summary>
    public void Kill()
    {
        try
        {
            _process.Kill(entireProcessTree: true);
        }
        catch (InvalidOperationException)
        {
            // It has ended by itself.
        }
    }

    public async ValueTask DisposeAsync()
    {
        Kill();
        await Completion;
        _process.Dispose();
    }

    private async Task<int> WaitAsync()
    {
        await _process.WaitForExitAsync();
        // A grandchild may hold the pipes open; what the process itself wrote is there within moments.
        await Task.WhenAny(_output, Task.Delay(DrainLimit, _clock));
        _forget();
        if (_log is not null)
        {
            await _log.DisposeAsync();
        }

        return _process.ExitCode;
    }

    private async Task PumpAsync(StreamReader reader, Action<string>? onLine)
    {
        while (await reader.ReadLineAsync() is { } line)
        {
            lock (_lastLines)
            {
                _lastLines.Enqueue(line);
                if (_lastLines.Count > KeptLines)
                {
                    _lastLines.Dequeue();
                }

                try
                {
                    _log?.WriteLine(line);
                }
                catch (ObjectDisposedException)
                {
                    // A late line of a grandchild, after the log was closed.
                }
            }

            Hand(line, onLine);
        }
    }

    /// <summary>A callback that throws must not end the reading: a pipe that nobody empties stops the program behind it.</summary>
    private void Hand(string line, Action<string>? onLine)
    {
        try
        {
            onLine?.Invoke(line);
        }
        catch (Exception failure)
        {
            _logger.LogError(failure, "A line of {Name} was not understood: {Line}", Name, line);
        }
    }
}
