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
    private readonly AsyncInvocationQueue _queue;
    private readonly FailingInvoker _function = new();
    private readonly Outcomes _outcomes = new();
    private readonly FunctionRegistry _functions = new();
    private readonly LambdaFunction _deployed = new(
        new AwsScope("123456789012", "us-east-1"), "fails", [], new FunctionCode("", "", 0), DateTimeOffset.UnixEpoch);

    public AsyncInvokerTests() => _queue = new AsyncInvocationQueue(_clock);

    [Fact]
    public async Task A_failed_event_is_tried_again_after_one_and_after_two_minutes_with_the_same_request_id()
    {
        using var invoker = await StartAsync();
        _queue.Enqueue(_deployed.Scope, _deployed.Arn, []);

        var first = await _function.NextAsync(Patience);
        await UntilItWaitsAsync(TimeSpan.FromMinutes(1));
        _clock.Advance(TimeSpan.FromMinutes(1));
        (await _function.NextAsync(Patience)).Should().Be(first);
        await UntilItWaitsAsync(TimeSpan.FromMinutes(2));
        _clock.Advance(TimeSpan.FromMinutes(2));
        (await _function.NextAsync(Patience)).Should().Be(first);
        var outcome = await _outcomes.NextAsync(Patience);
        (outcome.Condition, outcome.Attempts, outcome.Invocation.RequestId).Should().Be(("RetriesExhausted", 3, first));
        outcome.Result!.FunctionError.Should().Be("Unhandled");
    }

    [Theory]
    [InlineData(0, null, "RetriesExhausted", 1)]
    [InlineData(2, 60, "EventAgeExceeded", 2)]
    [InlineData(1, 59, "EventAgeExceeded", 1)]
    public async Task The_functions_own_limits_of_retries_and_of_age_hold(int retries, int? age, string condition, int attempts)
    {
        _deployed.EventInvokeConfig = new System.Text.Json.Nodes.JsonObject
        {
            ["MaximumRetryAttempts"] = retries,
            ["MaximumEventAgeInSeconds"] = age,
        };
        using var invoker = await StartAsync();
        _queue.Enqueue(_deployed.Scope, _deployed.Arn, []);
        for (var attempt = 1; attempt < attempts; attempt++)
        {
            await UntilItWaitsAsync(TimeSpan.FromMinutes(attempt));
            _clock.Advance(TimeSpan.FromMinutes(attempt));
        }

        var outcome = await _outcomes.NextAsync(Patience);
        (outcome.Condition, outcome.Attempts).Should().Be((condition, attempts));
    }

    [Fact]
    public async Task A_function_that_reserves_nothing_is_not_invoked_and_the_event_is_told_to_have_failed()
    {
        _deployed.ReservedConcurrency = 0;
        using var invoker = await StartAsync();
        _queue.Enqueue(_deployed.Scope, _deployed.Arn, []);
        var outcome = await _outcomes.NextAsync(Patience);
        (outcome.Condition, outcome.Attempts).Should().Be(("ZeroReservedConcurrency", 0));
        _function.Attempts.Should().BeEmpty();
    }

    [Fact]
    public async Task An_event_of_a_function_that_is_deleted_between_two_attempts_is_dropped()
    {
        using var invoker = await StartAsync();
        _queue.Enqueue(_deployed.Scope, _deployed.Arn, []);
        await _function.NextAsync(Patience);
        await UntilItWaitsAsync(TimeSpan.FromMinutes(1));

        _functions.Remove(_deployed);
        _clock.Advance(TimeSpan.FromMinutes(1));

        var other = new LambdaFunction(_deployed.Scope, "other", [], _deployed.Current.Code, DateTimeOffset.UnixEpoch);
        _functions.Add(other, []);
        _queue.Enqueue(other.Scope, other.Arn, []);
        await _function.NextAsync(Patience);
        _function.Attempts.Should().HaveCount(2).And.OnlyHaveUniqueItems();
    }

    private async Task UntilItWaitsAsync(TimeSpan wanted)
    {
        TimeSpan seen;
        do
        {
            // The limit of the event's age is a wait as well.
            seen = await _clock.NextWaitAsync(Patience);
        }
        while (seen != wanted);
    }

    private async Task<AsyncInvoker> StartAsync()
    {
        _functions.Add(_deployed, []);
        var invoker = new AsyncInvoker(_queue, _functions, _function, _outcomes, _clock, NullLogger<AsyncInvoker>.Instance);
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
            LambdaFunction function, string requestId, byte[] payload, CancellationToken cancellationToken, bool waits = true)
        {
            Attempts.Enqueue(requestId);
            _attempts.Writer.TryWrite(requestId);
            return Task.FromResult(InvokeResult.Error(requestId, "Test", "on purpose"));
        }
    }

    /// <summary>Keeps what it is told.</summary>
    private sealed class Outcomes : IInvocationOutcomes
    {
        private readonly Channel<InvocationOutcome> _told = Channel.CreateUnbounded<InvocationOutcome>();

        public async Task<InvocationOutcome> NextAsync(TimeSpan limit) => await _told.Reader.ReadAsync().AsTask().WaitAsync(limit);

        public Task TellAsync(LambdaFunction function, InvocationOutcome outcome, CancellationToken cancellationToken)
        {
            _told.Writer.TryWrite(outcome);
            return Task.CompletedTask;
        }
    }
}
