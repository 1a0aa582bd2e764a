using System.Text.Json.Nodes;
using LocalAws.Moto;
using LocalAws.Protocols;
using LocalAws.Routing;
using LocalAws.Services.Events;
using LocalAws.Services.Lambda;
using LocalAws.Services.Messaging;
using LocalAws.Services.Sns;
using LocalAws.Services.Sqs;
using LocalAws.Tests.Harness;
using Microsoft.Extensions.Logging.Abstractions;

namespace LocalAws.Tests.Services;

public sealed class RuleSchedulerTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);
    private static readonly AwsScope Scope = new("123456789012", "us-east-1");

    private readonly WaitingClock _clock = new();
    private readonly RuleRegistry _rules = new();
    private readonly FunctionRegistry _functions = new();
    private readonly AsyncInvocationQueue _invocations;
    private readonly LambdaFunction _function = new(Scope, "rung", [], new FunctionCode("", "", 0), DateTimeOffset.UnixEpoch);

    public RuleSchedulerTests()
    {
        _invocations = new AsyncInvocationQueue(_clock);
        _functions.Add(_function, []);
        _function.Policy.Add(new JsonObject { ["Sid"] = "s", ["Principal"] = new JsonObject { ["Service"] = "events.amazonaws.com" } });
    }

    [Fact]
    public async Task A_rate_fires_after_each_period_with_the_scheduled_event()
    {
        using var scheduler = await StartAsync();
        Put("rate(5 minutes)");
        await UntilItWaitsAsync(TimeSpan.FromMinutes(5));
        var fired = _invocations.ReadAllAsync(CancellationToken.None).GetAsyncEnumerator();
        for (var time = 1; time <= 2; time++)
        {
            _clock.Advance(TimeSpan.FromMinutes(5));
            (await fired.MoveNextAsync().AsTask().WaitAsync(Patience)).Should().BeTrue();
            var @event = JsonNode.Parse(fired.Current.Payload)!;
            @event["source"]!.GetValue<string>().Should().Be("aws.events");
            @event["detail-type"]!.GetValue<string>().Should().Be("Scheduled Event");
            @event["resources"]![0]!.GetValue<string>().Should().Be("arn:aws:events:us-east-1:123456789012:rule/every");
            await UntilItWaitsAsync(TimeSpan.FromMinutes(5));
        }
    }

    [Fact]
    public async Task A_schedule_that_was_missed_several_times_fires_once()
    {
        using var scheduler = await StartAsync();
        Put("rate(1 minute)");
        await UntilItWaitsAsync(TimeSpan.FromMinutes(1));
        _clock.Advance(TimeSpan.FromMinutes(10.5));
        await UntilItWaitsAsync(TimeSpan.FromMinutes(0.5));
        var fired = _invocations.ReadAllAsync(CancellationToken.None).GetAsyncEnumerator();
        (await fired.MoveNextAsync().AsTask().WaitAsync(Patience)).Should().BeTrue();
        var again = fired.MoveNextAsync().AsTask();
        again.IsCompleted.Should().BeFalse();
    }

    [Theory]
    [InlineData("rate(1 minutes)")]
    [InlineData("rate(5 minute)")]
    [InlineData("rate(0 minutes)")]
    [InlineData("every 5 minutes")]
    public void An_expression_that_is_no_schedule_is_refused(string expression)
    {
        var reading = () => RuleSchedule.Parse(expression);
        reading.Should().Throw<AwsException>().Which.Code.Should().Be("ValidationException");
    }

    private void Put(string expression)
    {
        var schedule = RuleSchedule.Parse(expression);
        _rules.Put(new EventRule
        {
            Scope = Scope,
            Name = "every",
            Schedule = schedule,
            NextDue = _clock.GetUtcNow() + schedule.Period,
            Targets = [RuleTarget.Parse(new JsonObject { ["Id"] = "f", ["Arn"] = _function.Arn })],
        });
    }

    private async Task UntilItWaitsAsync(TimeSpan wanted)
    {
        TimeSpan seen;
        do
        {
            seen = await _clock.NextWaitAsync(Patience);
        }
        while (seen != wanted);
    }

    private async Task<RuleScheduler> StartAsync()
    {
        var moto = new MotoClient(new ControlPlane());
        var delivery = new EventDelivery(_functions, _invocations, new QueueClient(moto), new TopicQueue());
        var engine = new RuleEngine(new EventBus(), _rules, delivery, NullLogger<RuleEngine>.Instance);
        var scheduler = new RuleScheduler(_rules, engine, _clock);
        await scheduler.StartAsync(CancellationToken.None);
        return scheduler;
    }
}
