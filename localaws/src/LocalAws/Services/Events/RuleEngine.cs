using System.Text.Json.Nodes;
using LocalAws.Protocols;
using LocalAws.Routing;
using LocalAws.Services.Messaging;

namespace LocalAws.Services.Events;

/// <summary>Matches events with rules and delivers them to the rules' targets.</summary>
internal sealed class RuleEngine(EventBus bus, RuleRegistry rules, EventDelivery delivery, ILogger<RuleEngine> logger) : BackgroundService
{
    /// <summary>Delivers an event to the targets of one rule, whatever its pattern.</summary>
    public async Task DeliverAsync(EventRule rule, JsonObject @event, CancellationToken cancellationToken)
    {
        foreach (var target in rule.Targets)
        {
            try
            {
                await delivery.DeliverAsync(
                    new Delivery(rule.Scope, target.Arn, target.InputOf(@event), "events.amazonaws.com", rule.Arn), cancellationToken);
            }
            catch (Exception failure) when (failure is AwsException or HttpRequestException)
            {
                logger.LogWarning("Rule {Rule} could not deliver to {Target}: {Message}", rule.Name, target.Arn, failure.Message);
                await GiveUpAsync(rule, target, @event, failure, cancellationToken);
            }
        }
    }

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await foreach (var (scope, @event) in bus.ReadAllAsync(stoppingToken))
        {
            foreach (var rule in rules.All.Where(rule => rule.IsEnabled && rule.Scope == scope && rule.Pattern?.Matches(@event) == true))
            {
                await DeliverAsync(rule, @event, stoppingToken);
            }
        }
    }

    private async Task GiveUpAsync(
        EventRule rule, RuleTarget target, JsonObject @event, Exception failure, CancellationToken cancellationToken)
    {
        if (target.DeadLetterArn is not { } queue)
        {
            return;
        }

        var attributes = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["RULE_ARN"] = rule.Arn,
            ["TARGET_ARN"] = target.Arn,
            ["ERROR_CODE"] = (failure as AwsException)?.Code ?? "SDK_CLIENT_ERROR",
            ["ERROR_MESSAGE"] = failure.Message,
        };
        try
        {
            await delivery.DeliverAsync(
                new Delivery(rule.Scope, queue, JsonText.Of(@event), "events.amazonaws.com", rule.Arn)
                {
                    Attributes = attributes.ToDictionary(item => item.Key, item => MessageAttribute.Text(item.Value)),
                },
                cancellationToken);
        }
        catch (Exception lost) when (lost is AwsException or HttpRequestException)
        {
            logger.LogError(
                "An event of rule {Rule} is lost, its dead-letter queue {Queue} failed: {Message}", rule.Name, queue, lost.Message);
        }
    }
}
