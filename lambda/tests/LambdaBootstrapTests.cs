using System.Net;
using System.Text.Json.Nodes;
using Amazon.Lambda.Core;
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
        var (path, body, _) = await OneInvocationAsync((_, _, _) => Task.FromResult(new JsonObject { ["ok"] = true }));
        path.Should().Be("/2018-06-01/runtime/invocation/r-1/response");
        JsonNode.Parse(body)!["ok"]!.GetValue<bool>().Should().BeTrue();
    }

    [Fact(Timeout = 30_000)]
    public async Task A_handler_knows_the_requests_id_and_the_time_that_is_left()
    {
        var (_, body, _) = await OneInvocationAsync(
            (_, context, _) => Task.FromResult(
                new JsonObject { ["id"] = context.AwsRequestId, ["seconds"] = context.RemainingTime.TotalSeconds }),
            secondsLeft: 30,
            new Clock());
        JsonNode.Parse(body)!["id"]!.GetValue<string>().Should().Be("r-1");
        JsonNode.Parse(body)!["seconds"]!.GetValue<double>().Should().Be(30);
    }

    [Fact(Timeout = 30_000)]
    public async Task What_the_handler_throws_is_reported_as_the_invocations_error()
    {
        var (path, body, errorType) = await OneInvocationAsync((_, _, _) => throw new UnknownEventException("not an event"));
        path.Should().Be("/2018-06-01/runtime/invocation/r-1/error");
        errorType.Should().Be("Function.UnknownEventException");
        JsonNode.Parse(body)!["errorMessage"]!.GetValue<string>().Should().Be("not an event");
    }

    [Fact(Timeout = 30_000)]
    public async Task What_cannot_be_initialized_is_told_to_the_Runtime_API_and_no_event_is_asked_for()
    {
        using var bootstrap = new LambdaBootstrap(_address, () => throw new InvalidOperationException("GLUE_JOB_NAME is not set."));
        var running = bootstrap.RunAsync(CancellationToken.None);
        var told = await _api.GetContextAsync();
        told.Request.Url!.AbsolutePath.Should().Be("/2018-06-01/runtime/init/error");
        told.Request.Headers["Lambda-Runtime-Function-Error-Type"].Should().Be("Runtime.InvalidOperationException");
        using var reader = new StreamReader(told.Request.InputStream);
        JsonNode.Parse(await reader.ReadToEndAsync(CancellationToken.None))!["errorMessage"]!.GetValue<string>().Should().Be(
            "GLUE_JOB_NAME is not set.");
        told.Response.StatusCode = 202;
        told.Response.Close();
        (await running).Should().Be(LambdaBootstrap.InitializationFailed);
    }

    [Fact(Timeout = 30_000)]
    public async Task A_Runtime_API_that_fails_ends_the_program()
    {
        using var bootstrap = new LambdaBootstrap(
            _address, () => (_, _, _) => throw new InvalidOperationException("There is no event to handle."));
        var running = bootstrap.RunAsync(CancellationToken.None);
        var next = await _api.GetContextAsync();
        next.Response.StatusCode = 500;
        next.Response.Close();
        await running.Invoking(loop => loop).Should().ThrowAsync<HttpRequestException>().WithMessage("*500*");
    }

    [Fact(Timeout = 30_000)]
    public async Task A_handler_is_cancelled_half_a_second_before_the_deadline_kills_it()
    {
        var clock = new Clock();
        var (path, body, _) = await OneInvocationAsync(
            async (_, _, cancellationToken) =>
            {
                cancellationToken.IsCancellationRequested.Should().BeFalse();
                clock.TimerIsUp();
                await Task.Delay(Timeout.Infinite, cancellationToken);
                return [];
            },
            secondsLeft: 30,
            clock);
        clock.Due.Should().Be(TimeSpan.FromSeconds(29.5));
        path.Should().EndWith("/error");
        JsonNode.Parse(body)!["errorType"]!.GetValue<string>().Should().Be("TaskCanceledException");
    }

    [Fact(Timeout = 30_000)]
    public async Task An_event_whose_deadline_is_over_is_answered_with_an_error_at_once()
    {
        var (path, _, _) = await OneInvocationAsync(
            async (_, _, cancellationToken) =>
            {
                await Task.Delay(Timeout.Infinite, cancellationToken);
                return [];
            },
            secondsLeft: -1);
        path.Should().EndWith("/error");
    }

    private async Task<(string Path, string Body, string? ErrorType)> OneInvocationAsync(
        Func<Stream, ILambdaContext, CancellationToken, Task<JsonObject>> handler, int secondsLeft = 30, TimeProvider? time = null)
    {
        using var stop = new CancellationTokenSource();
        using var bootstrap = new LambdaBootstrap(_address, () => handler, time);
        var loop = bootstrap.RunAsync(stop.Token);
        var next = await _api.GetContextAsync();
        next.Request.Url!.AbsolutePath.Should().Be("/2018-06-01/runtime/invocation/next");
        next.Response.Headers["Lambda-Runtime-Aws-Request-Id"] = "r-1";
        next.Response.Headers["Lambda-Runtime-Deadline-Ms"] = (time ?? TimeProvider.System).GetUtcNow().AddSeconds(secondsLeft)
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

    /// <summary>A clock that stands still, and whose one timer is up when the test says so.</summary>
    private sealed class Clock : TimeProvider
    {
        private Action? _callback;

        public TimeSpan Due { get; private set; }

        public override DateTimeOffset GetUtcNow() => DateTimeOffset.UnixEpoch;

        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
        {
            (_callback, Due) = (() => callback(state), dueTime);
            return new Timer();
        }

        public void TimerIsUp() => _callback!();

        private sealed class Timer : ITimer
        {
            public bool Change(TimeSpan dueTime, TimeSpan period) => true;

            public void Dispose()
            {
            }

            public ValueTask DisposeAsync() => ValueTask.CompletedTask;
        }
    }
}
