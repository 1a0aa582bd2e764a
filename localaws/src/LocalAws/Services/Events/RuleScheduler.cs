using System.Threading.Channels;

namespace LocalAws.Services.Events;

/// <summary>Fires the schedules of rules when they are due.</summary>
internal sealed class RuleScheduler(RuleRegistry rules, RuleEngine engine, TimeProvider clock) : BackgroundService
{
    private readonly Channel<bool> _changes = Channel.CreateBounded<bool>(
        new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        rules.Changed += () => _changes.Writer.TryWrite(true);
        while (!stoppingToken.IsCancellationRequested)
        {
            foreach (var rule in Scheduled().Where(rule => rule.NextDue <= clock.GetUtcNow()).ToList())
            {
                await FireAsync(rule, stoppingToken);
            }

            await WaitAsync(stoppingToken);
        }
    }

    private IEnumerable<EventRule> Scheduled() => rules.All.Where(rule => rule is { IsEnabled: true, NextDue: not null });

    private async Task WaitAsync(CancellationToken cancellationToken)
    {
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var changed = _changes.Reader.ReadAsync(ended.Token).AsTask();
        var next = Scheduled().Select(rule => rule.NextDue).Min();
        var wait = next is { } due ? due - clock.GetUtcNow() : Timeout.InfiniteTimeSpan;
        await Task.WhenAny(changed, Task.Delay(next is null || wait > TimeSpan.Zero ? wait : TimeSpan.Zero, clock, ended.Token));
        await ended.CancelAsync();
    }

    private async Task FireAsync(EventRule rule, CancellationToken cancellationToken)
    {
        var due = rule.NextDue!.Value;
        var now = clock.GetUtcNow();
        // After a pause of the machine once, not once for each time that was missed.
        var missed = (long)((now - due) / rule.Schedule!.Period);
        rules.Put(rule with { NextDue = due + (rule.Schedule.Period * (missed + 1)) });
        await engine.DeliverAsync(
            rule, EventBridgeEvent.Of(rule.Scope, "aws.events", "Scheduled Event", [], [rule.Arn], due), cancellationToken);
    }
}
