using System.Diagnostics;
using System.Text;
using System.Text.Json.Nodes;
using System.Threading.Channels;
using LocalAws.Hosting;
using LocalAws.Services.Logs;

namespace LocalAws.Services.Lambda;

/// <summary>
/// One sandbox: the function's process and the Runtime API that it talks to, on a port of its own, one event at a time.
/// Facts of the Runtime API: aws/aws-lambda-dotnet runtime-api.yaml, version 1.0.2.
/// </summary>
internal sealed class ExecutionEnvironment : IAsyncDisposable
{
    private const int MostResponseBytes = 6_291_556;

    private readonly LambdaFunction _function;
    private readonly LogWriter _logs;
    private readonly Channel<Invocation> _next = Channel.CreateBounded<Invocation>(1);
    private readonly string _logStream = $"{DateTime.UtcNow:yyyy/MM/dd}/[$LATEST]{Guid.NewGuid():N}";
    private readonly Stopwatch _sinceStart = Stopwatch.StartNew();
    private WebApplication? _api;
    private ChildProcess? _process;
    private Invocation? _current;
    private InvokeResult? _initError;
    private TimeSpan? _initDuration;
    private volatile bool _isOver;

    private ExecutionEnvironment(LambdaFunction function, LogWriter logs)
    {
        _function = function;
        _logs = logs;
        Revision = function.Revision;
    }

    public int Revision { get; }

    /// <summary>Whether the process still runs and can take an event.</summary>
    public bool IsUsable => !_isOver && _process is { HasExited: false };

    public static async Task<ExecutionEnvironment> StartAsync(
        LambdaFunction function, ChildProcesses processes, LogWriter logs, GatewayOptions options, CancellationToken cancellationToken)
    {
        var environment = new ExecutionEnvironment(function, logs);
        try
        {
            await environment.StartProcessAsync(function, processes, options, cancellationToken);
            return environment;
        }
        catch
        {
            await environment.DisposeAsync();
            throw;
        }
    }

    private async Task StartProcessAsync(LambdaFunction function, ChildProcesses processes, GatewayOptions options, CancellationToken cancellationToken)
    {
        var port = await StartApiAsync(cancellationToken);
        _process = processes.Start(new ChildProcessSpec($"lambda {function.Name}", Path.Combine(function.Code.Folder, "bootstrap"), [])
        {
            ClearEnvironment = true,
            Environment = Variables(function, _logStream, port, options),
            WorkingDirectory = function.Code.Folder,
            OnOutput = Log,
            OnError = Log,
        });
        _ = _process.Completion.ContinueWith(exit => OnExit(exit.Result), TaskScheduler.Default);
    }

    /// <summary>Gives the event to the process and waits for its answer, its end, or the deadline.</summary>
    public async Task<InvokeResult> InvokeAsync(string requestId, byte[] payload)
    {
        var started = Stopwatch.StartNew();
        var invocation = new Invocation(requestId, payload, DateTimeOffset.UtcNow + _function.Timeout);
        _current = invocation;
        if (_initError is not null || !IsUsable)
        {
            return _initError ?? Error(requestId, "Runtime.ExitError", "Runtime exited without providing a reason");
        }

        Log($"START RequestId: {requestId} Version: $LATEST");
        await _next.Writer.WriteAsync(invocation);
        InvokeResult result;
        try
        {
            result = await invocation.Result.Task.WaitAsync(_function.Timeout);
        }
        catch (TimeoutException)
        {
            // As on AWS, the sandbox is killed at the deadline and the next event finds a new one.
            // It dies a moment after the kill; until then it must not be taken for a warm one.
            _isOver = true;
            _process!.Kill();
            result = Error(
                requestId,
                "Sandbox.Timedout",
                string.Create(System.Globalization.CultureInfo.InvariantCulture, $"Task timed out after {_function.Timeout.TotalSeconds:F2} seconds"));
        }

        Log($"END RequestId: {requestId}");
        var init = _initDuration is { } duration ? $"\tInit Duration: {duration.TotalMilliseconds:F2} ms" : "";
        _initDuration = null;
        Log($"REPORT RequestId: {requestId}\tDuration: {started.Elapsed.TotalMilliseconds:F2} ms\tMemory Size: {_function.MemorySize} MB{init}");
        return result;
    }

    public async ValueTask DisposeAsync()
    {
        if (_process is not null)
        {
            await _process.DisposeAsync();
        }

        if (_api is not null)
        {
            await _api.DisposeAsync();
        }
    }

    private static Dictionary<string, string?> Variables(LambdaFunction function, string logStream, int port, GatewayOptions options)
    {
        // The environment of provided.al2023, recorded on AWS 2026-01-13; nothing of the gateway's own environment is in it.
        var variables = new Dictionary<string, string?>(StringComparer.Ordinal)
        {
            ["AWS_ACCESS_KEY_ID"] = function.Scope.AccountId,
            ["AWS_SECRET_ACCESS_KEY"] = "local",
            ["AWS_SESSION_TOKEN"] = "local",
            ["AWS_REGION"] = function.Scope.Region,
            ["AWS_DEFAULT_REGION"] = function.Scope.Region,
            ["AWS_LAMBDA_FUNCTION_NAME"] = function.Name,
            ["AWS_LAMBDA_FUNCTION_VERSION"] = "$LATEST",
            ["AWS_LAMBDA_FUNCTION_MEMORY_SIZE"] = $"{function.MemorySize}",
            ["AWS_LAMBDA_INITIALIZATION_TYPE"] = "on-demand",
            ["AWS_LAMBDA_LOG_GROUP_NAME"] = function.LogGroup,
            ["AWS_LAMBDA_LOG_STREAM_NAME"] = logStream,
            ["AWS_LAMBDA_RUNTIME_API"] = $"127.0.0.1:{port}",
            ["AWS_ENDPOINT_URL"] = options.EndpointUrl,
            ["AWS_EC2_METADATA_DISABLED"] = "true",
            ["LAMBDA_RUNTIME_DIR"] = "/var/runtime",
            ["LAMBDA_TASK_ROOT"] = function.Code.Folder,
            ["LANG"] = "en_US.UTF-8",
            ["TZ"] = ":UTC",
            ["LD_LIBRARY_PATH"] = "/var/lang/lib:/lib64:/usr/lib64:/var/runtime:/var/runtime/lib:/var/task:/var/task/lib:/opt/lib",
            ["PATH"] = "/var/lang/bin:/usr/local/bin:/usr/bin/:/bin:/opt/bin",
            ["_HANDLER"] = function.Configuration["Handler"]?.GetValue<string>() ?? "bootstrap",
        };
        foreach (var (name, value) in function.Variables)
        {
            variables[name] = value;
        }

        return variables;
    }

    private async Task<int> StartApiAsync(CancellationToken cancellationToken)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(System.Net.IPAddress.Loopback, 0));
        _api = builder.Build();
        _api.MapGet("/2018-06-01/runtime/invocation/next", NextAsync);
        _api.MapPost("/2018-06-01/runtime/invocation/{id}/response", (string id, HttpContext http) => AnswerAsync(http, id, failed: false));
        _api.MapPost("/2018-06-01/runtime/invocation/{id}/error", (string id, HttpContext http) => AnswerAsync(http, id, failed: true));
        _api.MapPost("/2018-06-01/runtime/init/error", InitErrorAsync);
        await _api.StartAsync(cancellationToken);
        return new Uri(_api.Urls.First()).Port;
    }

    private async Task NextAsync(HttpContext http)
    {
        _initDuration ??= _sinceStart.IsRunning ? _sinceStart.Elapsed : null;
        _sinceStart.Stop();
        var invocation = await _next.Reader.ReadAsync(http.RequestAborted);
        var headers = http.Response.Headers;
        headers["Lambda-Runtime-Aws-Request-Id"] = invocation.RequestId;
        headers["Lambda-Runtime-Deadline-Ms"] = $"{invocation.Deadline.ToUnixTimeMilliseconds()}";
        headers["Lambda-Runtime-Invoked-Function-Arn"] = _function.Arn;
        headers["Lambda-Runtime-Trace-Id"] = $"Root=1-{DateTimeOffset.UtcNow.ToUnixTimeSeconds():x8}-{Guid.NewGuid().ToString("N")[..24]};Sampled=0";
        http.Response.ContentType = "application/json";
        await http.Response.Body.WriteAsync(invocation.Payload, http.RequestAborted);
    }

    private async Task AnswerAsync(HttpContext http, string id, bool failed)
    {
        using var body = new MemoryStream();
        await http.Request.Body.CopyToAsync(body, http.RequestAborted);
        if (_current is not { } invocation || invocation.RequestId != id || invocation.Result.Task.IsCompleted)
        {
            http.Response.StatusCode = StatusCodes.Status400BadRequest;
            await http.Response.WriteAsync("""{"errorMessage":"Invalid request ID","errorType":"InvalidRequestID"}""", http.RequestAborted);
            return;
        }

        if (body.Length > MostResponseBytes)
        {
            http.Response.StatusCode = StatusCodes.Status413PayloadTooLarge;
            invocation.Result.TrySetResult(
                Error(id, "Function.ResponseSizeTooLarge", $"Response payload size exceeded maximum allowed payload size ({MostResponseBytes} bytes)."));
            return;
        }

        http.Response.StatusCode = StatusCodes.Status202Accepted;
        http.Response.ContentType = "application/json";
        await http.Response.WriteAsync("""{"status":"OK"}""", http.RequestAborted);
        invocation.Result.TrySetResult(new InvokeResult(body.ToArray(), failed ? "Unhandled" : null));
    }

    private async Task InitErrorAsync(HttpContext http)
    {
        using var body = new MemoryStream();
        await http.Request.Body.CopyToAsync(body, http.RequestAborted);
        _isOver = true;
        _initError = new InvokeResult(body.ToArray(), "Unhandled");
        _current?.Result.TrySetResult(_initError);
        http.Response.StatusCode = StatusCodes.Status202Accepted;
    }

    private void OnExit(int exitCode)
    {
        var reason = exitCode == 0 ? "Runtime exited without providing a reason" : $"Runtime exited with error: exit status {exitCode}";
        if (_current is { } invocation)
        {
            invocation.Result.TrySetResult(_initError ?? Error(invocation.RequestId, "Runtime.ExitError", reason));
        }
    }

    private static InvokeResult Error(string requestId, string type, string message) =>
        new(
            Encoding.UTF8.GetBytes(new JsonObject { ["errorType"] = type, ["errorMessage"] = $"RequestId: {requestId} Error: {message}" }.ToJsonString()),
            "Unhandled");

    private void Log(string line) => _logs.Write(_function.Scope, _function.LogGroup, _logStream, line);
}
