using System.Collections.Concurrent;
using System.Threading.Channels;
using LocalAws.Routing;
using LocalAws.Services.Lambda;
using LocalAws.Tests.Harness;
using Microsoft.Extensions.Logging.Abstractions;

namespace LocalAws.Tests.Services;

public sealed class AsyncInvokerTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly WaitingClock _clock = new();
    private readonly FailingInvoker _function = new();
    private readonly FunctionRegistry _functions = new();
    private readonly LambdaFunction _deployed = new(
        new AwsScope("123456789012", "us-east-1"), "fails", [], new FunctionCode("", "", 0), DateTimeOffset.UnixEpoch);

    [Fact]
    public async Task A_failed_event_is_tried_again_after_one_and_after_two_minutes_with_the_same_request_id()
    {
        using var invoker = await StartAsync();
        invoker.Enqueue(_deployed.Scope, _deployed.Arn, []);

        var first = await _function.NextAsync(Patience);
        (await _clock.NextWaitAsync(Patience)).Should().Be(TimeSpan.FromMinutes(1));
        _clock.Advance(TimeSpan.FromMinutes(1));
        (await _function.NextAsync(Patience)).Should().Be(first);
        (await _clock.NextWaitAsync(Patience)).Should().Be(TimeSpan.FromMinutes(2));
        _clock.Advance(TimeSpan.FromMinutes(2));
        (await _function.NextAsync(Patience)).Should().Be(first);
    }

    [Fact]
    public async Task An_event_of_a_function_that_is_deleted_between_two_attempts_is_dropped()
    {
        using var invoker = await StartAsync();
        invoker.Enqueue(_deployed.Scope, _deployed.Arn, []);
        await _function.NextAsync(Patience);
        await _clock.NextWaitAsync(Patience);

        _functions.Remove(_deployed);
        _clock.Advance(TimeSpan.FromMinutes(1));

        var other = new LambdaFunction(_deployed.Scope, "other", [], _deployed.Current.Code, DateTimeOffset.UnixEpoch);
        _functions.Add(other, []);
        invoker.Enqueue(other.Scope, other.Arn, []);
        await _function.NextAsync(Patience);
        _function.Attempts.Should().HaveCount(2).And.OnlyHaveUniqueItems();
    }

    private async Task<AsyncInvoker> StartAsync()
    {
        _functions.Add(_deployed, []);
        var invoker = new AsyncInvoker(_functions, _function, _clock, NullLogger<AsyncInvoker>.Instance);
        await invoker.StartAsync(CancellationToken.None);
        return invoker;
    }

    /// <summary>A function that fails whatever it is given.</summary>
    private sealed class FailingInvoker : IFunctionInvoker
    {
        private readonly Channel<string> _attempts = Channel.CreateUnbounded<string>();

        /// <summary>The request ids of all attempts.</summary>
        public ConcurrentQueue<string> Attempts { get; } = new();

        public async Task<string> NextAsync(TimeSpan limit) => await _attempts.Reader.ReadAsync().AsTask().WaitAsync(limit);

        public Task<InvokeResult> InvokeAsync(
            LambdaFunction function, string requestId, byte[] payload, CancellationToken cancellationToken)
        {
            Attempts.Enqueue(requestId);
            _attempts.Writer.TryWrite(requestId);
            return Task.FromResult(InvokeResult.Error(requestId, "Test", "on purpose"));
        }
    }
}
