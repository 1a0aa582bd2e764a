using System.Net;
using System.Text.Json.Nodes;
using Amazon.Lambda.RuntimeSupport;

namespace Doorbell.Tests;

/// <summary>The loop against a Runtime API made of an HttpListener: what goes over the wire is what the API's document says.</summary>
public sealed class LambdaBootstrapTests : IDisposable
{
    private readonly HttpListener _api = new();
    private readonly string _address;

    public LambdaBootstrapTests()
    {
        using var probe = new System.Net.Sockets.TcpListener(IPAddress.Loopback, 0);
        probe.Start();
        _address = $"127.0.0.1:{((IPEndPoint)probe.LocalEndpoint).Port}";
        probe.Stop();
        _api.Prefixes.Add($"http://{_address}/");
        _api.Start();
    }

    public void Dispose() => _api.Close();

    [Fact(Timeout = 30_000)]
    public async Task An_answer_is_posted_for_the_request_it_belongs_to()
    {
        var (path, body, _) = await OneInvocationAsync((_, _) => Task.FromResult(new JsonObject { ["ok"] = true }));
        path.Should().Be("/2018-06-01/runtime/invocation/r-1/response");
        JsonNode.Parse(body)!["ok"]!.GetValue<bool>().Should().BeTrue();
    }

    [Fact(Timeout = 30_000)]
    public async Task What_the_handler_throws_is_reported_as_the_invocations_error()
    {
        var (path, body, errorType) = await OneInvocationAsync((_, _) => throw new UnknownEventException("not an event"));
        path.Should().Be("/2018-06-01/runtime/invocation/r-1/error");
        errorType.Should().Be("Function.UnknownEventException");
        JsonNode.Parse(body)!["errorMessage"]!.GetValue<string>().Should().Be("not an event");
    }

    [Fact(Timeout = 30_000)]
    public async Task A_handler_is_cancelled_before_the_deadline_kills_it()
    {
        var (path, body, _) = await OneInvocationAsync(
            async (_, cancellationToken) =>
            {
                await Task.Delay(Timeout.Infinite, cancellationToken);
                return [];
            },
            secondsLeft: 1);
        path.Should().EndWith("/error");
        JsonNode.Parse(body)!["errorType"]!.GetValue<string>().Should().Be("TaskCanceledException");
    }

    private async Task<(string Path, string Body, string? ErrorType)> OneInvocationAsync(
        Func<Stream, CancellationToken, Task<JsonObject>> handler, int secondsLeft = 30)
    {
        using var stop = new CancellationTokenSource();
        using var bootstrap = new LambdaBootstrap(_address, handler);
        var loop = bootstrap.RunAsync(stop.Token);
        var next = await _api.GetContextAsync();
        next.Request.Url!.AbsolutePath.Should().Be("/2018-06-01/runtime/invocation/next");
        next.Response.Headers["Lambda-Runtime-Aws-Request-Id"] = "r-1";
        next.Response.Headers["Lambda-Runtime-Deadline-Ms"] = DateTimeOffset.UtcNow.AddSeconds(secondsLeft)
            .ToUnixTimeMilliseconds()
            .ToString(System.Globalization.CultureInfo.InvariantCulture);
        await next.Response.OutputStream.WriteAsync("{}"u8.ToArray(), CancellationToken.None);
        next.Response.Close();

        var answer = await _api.GetContextAsync();
        using var reader = new StreamReader(answer.Request.InputStream);
        var errorType = answer.Request.Headers["Lambda-Runtime-Function-Error-Type"];
        var seen = (answer.Request.Url!.AbsolutePath, await reader.ReadToEndAsync(CancellationToken.None), errorType);
        answer.Response.StatusCode = 202;
        answer.Response.Close();
        // Between two events the loop ends of itself; waiting for one it is cancelled.
        await _api.GetContextAsync();
        await stop.CancelAsync();
        await loop.Invoking(running => running).Should().ThrowAsync<OperationCanceledException>();
        return seen;
    }
}
