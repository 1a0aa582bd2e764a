using System.Text;
using System.Text.Json.Nodes;
using Amazon.Lambda.Core;

namespace Amazon.Lambda.RuntimeSupport;

/// <summary>
/// The loop of a custom runtime: next, handle, answer. Named like the official package's class, which takes its place where that package
/// can be had. Runtime API: aws/aws-lambda-dotnet, runtime-api.yaml 1.0.2.
/// </summary>
/// <param name="runtimeApi">Host and port from AWS_LAMBDA_RUNTIME_API.</param>
/// <param name="initialize">Makes what handles one event; what it throws is the function's initialization error, what the handler throws
/// the invocation's.</param>
/// <param name="time">The clock by which deadlines are kept; null is the system's.</param>
public sealed class LambdaBootstrap(
    string runtimeApi, Func<Func<Stream, ILambdaContext, CancellationToken, Task<JsonObject>>> initialize, TimeProvider? time = null)
    : IDisposable
{
    /// <summary>The program's exit code when it could not be initialized.</summary>
    public const int InitializationFailed = 1;

    /// <summary>Answered this long before the deadline, so that the error still gets out.</summary>
    internal static readonly TimeSpan Margin = TimeSpan.FromMilliseconds(500);

    private readonly TimeProvider _time = time ?? TimeProvider.System;

    private readonly HttpClient _client = new(new SocketsHttpHandler { UseProxy = false, UseCookies = false, AllowAutoRedirect = false })
    {
        BaseAddress = new Uri($"http://{runtimeApi}/2018-06-01/runtime/"),
        // The next event may be hours away.
        Timeout = Timeout.InfiniteTimeSpan,
    };

    /// <summary>Runs until the token is cancelled or the Runtime API says that the sandbox is broken.</summary>
    /// <returns>The program's exit code: 0, or <see cref="InitializationFailed"/>, which the Runtime API was told the reason of.</returns>
    /// <exception cref="HttpRequestException">The Runtime API failed; the process must end.</exception>
    public async Task<int> RunAsync(CancellationToken cancellationToken)
    {
        Func<Stream, ILambdaContext, CancellationToken, Task<JsonObject>> handler;
        try
        {
            handler = initialize();
        }
        catch (Exception failure)
        {
            await Console.Error.WriteLineAsync(new JsonObject
            {
                ["level"] = "ERROR",
                ["errorType"] = failure.GetType().Name,
                ["errorMessage"] = failure.Message,
            }.ToJsonString());
            await PostAsync("init/error", ErrorOf(failure), $"Runtime.{failure.GetType().Name}", cancellationToken);
            return InitializationFailed;
        }

        while (!cancellationToken.IsCancellationRequested)
        {
            using var next = await _client.GetAsync("invocation/next", HttpCompletionOption.ResponseHeadersRead, cancellationToken);
            next.EnsureSuccessStatusCode();
            var requestId = next.Headers.GetValues("Lambda-Runtime-Aws-Request-Id").First();
            var deadline = DateTimeOffset.FromUnixTimeMilliseconds(
                long.Parse(
                    next.Headers.GetValues("Lambda-Runtime-Deadline-Ms").First(), System.Globalization.CultureInfo.InvariantCulture));
            if (next.Headers.TryGetValues("Lambda-Runtime-Trace-Id", out var trace))
            {
                Environment.SetEnvironmentVariable("_X_AMZN_TRACE_ID", trace.First());
            }

            var arn = next.Headers.TryGetValues("Lambda-Runtime-Invoked-Function-Arn", out var invoked) ? invoked.First() : "";
            var context = new LambdaContext(requestId, arn, deadline, _time);
            await HandleAsync(handler, context, await next.Content.ReadAsStreamAsync(cancellationToken), cancellationToken);
        }

        return 0;
    }

    /// <summary>Closes the connection to the Runtime API.</summary>
    public void Dispose() => _client.Dispose();

    private async Task HandleAsync(
        Func<Stream, ILambdaContext, CancellationToken, Task<JsonObject>> handler, LambdaContext context, Stream payload,
        CancellationToken cancellationToken)
    {
        var left = context.RemainingTime - Margin;
        using var timeUp = new CancellationTokenSource(left > TimeSpan.Zero ? left : TimeSpan.Zero, _time);
        using var limited = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, timeUp.Token);
        try
        {
            var result = await handler(payload, context, limited.Token);
            await PostAsync($"invocation/{context.AwsRequestId}/response", result, null, cancellationToken);
        }
        catch (Exception failure) when (!cancellationToken.IsCancellationRequested)
        {
            await PostAsync(
                $"invocation/{context.AwsRequestId}/error", ErrorOf(failure), $"Function.{failure.GetType().Name}", cancellationToken);
        }
    }

    private async Task PostAsync(string path, JsonObject body, string? errorType, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, path)
        {
            Content = new StringContent(
                body.ToJsonString(), Encoding.UTF8, errorType is null ? "application/json" : "application/vnd.aws.lambda.error+json"),
        };
        if (errorType is not null)
        {
            request.Headers.TryAddWithoutValidation("Lambda-Runtime-Function-Error-Type", errorType);
        }

        using var answer = await _client.SendAsync(request, cancellationToken);
        answer.EnsureSuccessStatusCode();
    }

    private static JsonObject ErrorOf(Exception failure) => new()
    {
        ["errorType"] = failure.GetType().Name,
        ["errorMessage"] = failure.Message,
        ["stackTrace"] = new JsonArray(
            [.. (failure.StackTrace ?? "").Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => (JsonNode)line.Trim())]),
    };
}
