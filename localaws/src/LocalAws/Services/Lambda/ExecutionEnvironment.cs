using System.Globalization;
using LocalAws.Hosting;
using LocalAws.Services.Logs;

namespace LocalAws.Services.Lambda;

/// <summary>One sandbox: the process of one version of a function behind a <see cref="RuntimeApi"/>, one event at a time.</summary>
internal sealed class ExecutionEnvironment : IAsyncDisposable
{
    private const long BytesOfMegabyte = 1024 * 1024;
    private static readonly TimeSpan MemoryPoll = TimeSpan.FromMilliseconds(100);

    private readonly LambdaFunction _function;
    private readonly FunctionVersion _version;
    private readonly LogWriter _logs;
    private readonly TimeProvider _clock;
    private readonly RuntimeApi _api;
    private readonly string _logStream;
    private readonly long _started;
    private TimeSpan? _initDuration;
    private volatile string? _exit;
    private ChildProcess? _process;
    private volatile bool _isOver;
    private long _peakMemory;

    private ExecutionEnvironment(LambdaFunction function, RuntimeApi api, LogWriter logs, TimeProvider clock)
    {
        (_function, _version, _api, _logs, _clock) = (function, function.Current, api, logs, clock);
        _logStream = $"{clock.GetUtcNow():yyyy/MM/dd}/[$LATEST]{Guid.NewGuid():N}";
        _started = clock.GetTimestamp();
        _ = api.Initialized.ContinueWith(_ => _initDuration = clock.GetElapsedTime(_started), TaskScheduler.Default);
    }

    /// <summary>Of the version that runs here.</summary>
    public int Revision => _version.Revision;

    /// <summary>Whether the process still runs and can take an event.</summary>
    public bool IsUsable => !_isOver && _api.InitError is null && _process is { HasExited: false };

    public static async Task<ExecutionEnvironment> StartAsync(
        LambdaFunction function,
        ChildProcesses processes,
        LogWriter logs,
        GatewayOptions options,
        TimeProvider clock,
        CancellationToken cancellationToken)
    {
        var api = await RuntimeApi.StartAsync(function.Arn, clock, cancellationToken);
        var environment = new ExecutionEnvironment(function, api, logs, clock);
        try
        {
            environment.StartProcess(processes, options);
            return environment;
        }
        catch
        {
            await environment.DisposeAsync();
            throw;
        }
    }

    /// <summary>Gives the event to the process and waits for its answer, its end, or the deadline.</summary>
    public async Task<InvokeResult> InvokeAsync(string requestId, byte[] payload)
    {
        var started = _clock.GetTimestamp();
        if (!IsUsable)
        {
            return _api.InitError ?? InvokeResult.Error(requestId, "Runtime.ExitError", ExitReason.Of(0));
        }

        var invocation = new Invocation(requestId, payload, _clock.GetUtcNow() + _version.Timeout);
        Log($"START RequestId: {requestId} Version: $LATEST");
        await _api.GiveAsync(invocation);
        if (!IsUsable)
        {
            // It ended before it had the event; its end may have found none to answer.
            _api.End(_exit ?? ExitReason.Of(0));
        }

        InvokeResult result;
        var status = "";
        using var answered = new CancellationTokenSource();
        var watching = WatchMemoryAsync(answered.Token);
        try
        {
            result = await invocation.Result.Task.WaitAsync(_version.Timeout, _clock);
            if (!IsUsable && result.FunctionError is not null)
            {
                status = "\tStatus: error\tError Type: Runtime.ExitError";
                Log(result.PlatformError ?? $"RequestId: {requestId} Error: {_exit ?? "Runtime exited"}");
                Log("Runtime.ExitError");
            }
        }
        catch (TimeoutException)
        {
            // As on AWS, the sandbox is killed at the deadline and the next event finds a new one.
            // It dies a moment after the kill; until then it must not be taken for a warm one.
            _isOver = true;
            _process!.Kill();
            var seconds = _version.Timeout.TotalSeconds.ToString("F2", CultureInfo.InvariantCulture);
            result = InvokeResult.Error(requestId, "Sandbox.Timedout", $"Task timed out after {seconds} seconds");
            status = "\tStatus: timeout";
            var now = _clock.GetUtcNow().UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture);
            Log($"{now} {requestId} Task timed out after {seconds} seconds");
        }

        await answered.CancelAsync();
        await watching;
        Report(requestId, _clock.GetElapsedTime(started), status);
        return result;
    }

    public async ValueTask DisposeAsync()
    {
        if (_process is not null)
        {
            await _process.DisposeAsync();
        }

        await _api.DisposeAsync();
    }

    private void StartProcess(ChildProcesses processes, GatewayOptions options)
    {
        _process = processes.Start(new ChildProcessSpec($"lambda {_function.Name}", Path.Combine(_version.Code.Folder, "bootstrap"), [])
        {
            ClearEnvironment = true,
            Environment = FunctionVariables.Of(_function, _version, _logStream, _api.Port, options.EndpointUrl),
            WorkingDirectory = _version.Code.Folder,
            OnOutput = Log,
            OnError = Log,
        });
        _ = _process.Completion.ContinueWith(
            exit =>
            {
                _exit = ExitReason.Of(exit.Result);
                _api.End(_exit);
            },
            TaskScheduler.Default);
    }

    /// <summary>Looks at the process's memory while it has an event, and kills it when it has more than the function may.</summary>
    private async Task WatchMemoryAsync(CancellationToken answered)
    {
        try
        {
            while (_process is { HasExited: false } process)
            {
                using var seen = System.Diagnostics.Process.GetProcessById(process.Id);
                _peakMemory = Math.Max(_peakMemory, seen.WorkingSet64);
                if (_peakMemory > _version.MemorySize * BytesOfMegabyte)
                {
                    process.Kill();
                    return;
                }

                await Task.Delay(MemoryPoll, _clock, answered);
            }
        }
        catch (Exception over) when (over is OperationCanceledException or ArgumentException or InvalidOperationException)
        {
            // The event is answered, or the process has ended meanwhile.
        }
    }

    private void Report(string requestId, TimeSpan duration, string status)
    {
        Log($"END RequestId: {requestId}");
        var init = _initDuration is { } first ? $"\tInit Duration: {first.TotalMilliseconds:F2} ms" : "";
        _initDuration = null;
        Log($"REPORT RequestId: {requestId}\tDuration: {duration.TotalMilliseconds:F2} ms\t"
            + $"Billed Duration: {Math.Ceiling(duration.TotalMilliseconds):F0} ms\tMemory Size: {_version.MemorySize} MB\t"
            + $"Max Memory Used: {Math.Min(_peakMemory / BytesOfMegabyte, _version.MemorySize)} MB{init}{status}");
    }

    private void Log(string line) => _logs.Write(_function.Scope, _function.LogGroup, _logStream, line);
}
