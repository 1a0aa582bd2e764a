using System.Threading.Channels;
using LocalAws.Hosting;

namespace LocalAws.Services.Lambda;

/// <summary>
/// The Runtime API that a function's process talks to, on a port of its own, one event at a time.
/// Facts of it: aws/aws-lambda-dotnet runtime-api.yaml, version 1.0.2.
/// </summary>
internal sealed class RuntimeApi : IAsyncDisposable
{
    private const int MostResponseBytes = 6_291_556;

    private readonly string _functionArn;
    private readonly TimeProvider _clock;
    private readonly WebApplication _server;
    private readonly Channel<Invocation> _next = Channel.CreateBounded<Invocation>(1);
    private readonly TaskCompletionSource _initialized = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private volatile Invocation? _current;
    private volatile InvokeResult? _initError;

    private RuntimeApi(WebApplication server, string functionArn, TimeProvider clock) =>
        (_server, _functionArn, _clock) = (server, functionArn, clock);

    /// <summary>Where the process finds it.</summary>
    public int Port { get; private set; }

    /// <summary>Ends when the process has asked for its first event.</summary>
    public Task Initialized => _initialized.Task;

    /// <summary>What the process said when it could not start; null while it said nothing of the kind.</summary>
    public InvokeResult? InitError => _initError;

    public static async Task<RuntimeApi> StartAsync(string functionArn, TimeProvider clock, CancellationToken cancellationToken)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(System.Net.IPAddress.Loopback, 0));
        var server = builder.Build();
        var api = new RuntimeApi(server, functionArn, clock);
        server.MapGet("/2018-06-01/runtime/invocation/next", api.NextAsync);
        server.MapPost(
            "/2018-06-01/runtime/invocation/{id}/response", (string id, HttpContext http) => api.AnswerAsync(http, id, failed: false));
        server.MapPost(
            "/2018-06-01/runtime/invocation/{id}/error", (string id, HttpContext http) => api.AnswerAsync(http, id, failed: true));
        server.MapPost("/2018-06-01/runtime/init/error", api.InitErrorAsync);
        await server.StartAsync(cancellationToken);
        api.Port = new Uri(server.Urls.First()).Port;
        return api;
    }

    /// <summary>Gives the process an event; its answer comes to the event's <see cref="Invocation.Result"/>.</summary>
    public async Task GiveAsync(Invocation invocation)
    {
        _current = invocation;
        await _next.Writer.WriteAsync(invocation);
    }

    /// <summary>The process has ended: the event that it has is answered with that.</summary>
    public void End(string reason)
    {
        if (_current is { } invocation)
        {
            invocation.Result.TrySetResult(_initError ?? InvokeResult.Error(invocation.RequestId, "Runtime.ExitError", reason));
        }
    }

    public async ValueTask DisposeAsync() => await _server.DisposeAsync();

    private async Task NextAsync(HttpContext http)
    {
        _initialized.TrySetResult();
        var invocation = await _next.Reader.ReadAsync(http.RequestAborted);
        var headers = http.Response.Headers;
        headers["Lambda-Runtime-Aws-Request-Id"] = invocation.RequestId;
        headers["Lambda-Runtime-Deadline-Ms"] = $"{invocation.Deadline.ToUnixTimeMilliseconds()}";
        headers["Lambda-Runtime-Invoked-Function-Arn"] = _functionArn;
        headers["Lambda-Runtime-Trace-Id"] =
            $"Root=1-{_clock.GetUtcNow().ToUnixTimeSeconds():x8}-{Guid.NewGuid().ToString("N")[..24]};Sampled=0";
        http.Response.ContentType = "application/json";
        await http.Response.Body.WriteAsync(invocation.Payload, http.RequestAborted);
    }

    private async Task AnswerAsync(HttpContext http, string id, bool failed)
    {
        var body = await ReadAsync(http);
        if (_current is not { } invocation || invocation.RequestId != id || invocation.Result.Task.IsCompleted)
        {
            http.Response.StatusCode = StatusCodes.Status400BadRequest;
            await http.Response.WriteAsync("""{"errorMessage":"Invalid request ID","errorType":"InvalidRequestID"}""", http.RequestAborted);
            return;
        }

        if (body.Length > MostResponseBytes)
        {
            http.Response.StatusCode = StatusCodes.Status413PayloadTooLarge;
            invocation.Result.TrySetResult(InvokeResult.Error(
                id,
                "Function.ResponseSizeTooLarge",
                $"Response payload size exceeded maximum allowed payload size ({MostResponseBytes} bytes)."));
            return;
        }

        http.Response.StatusCode = StatusCodes.Status202Accepted;
        http.Response.ContentType = "application/json";
        await http.Response.WriteAsync("""{"status":"OK"}""", http.RequestAborted);
        invocation.Result.TrySetResult(new InvokeResult(body, failed ? "Unhandled" : null));
    }

    private async Task InitErrorAsync(HttpContext http)
    {
        var error = new InvokeResult(await ReadAsync(http), "Unhandled");
        _initError = error;
        _current?.Result.TrySetResult(error);
        http.Response.StatusCode = StatusCodes.Status202Accepted;
    }

    private static async Task<byte[]> ReadAsync(HttpContext http)
    {
        using var body = new MemoryStream();
        await http.Request.Body.CopyToAsync(body, http.RequestAborted);
        return body.ToArray();
    }
}
