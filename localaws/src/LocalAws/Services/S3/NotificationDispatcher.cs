using System.Threading.Channels;
using LocalAws.Protocols;
using LocalAws.Services.Events;
using LocalAws.Services.Messaging;

namespace LocalAws.Services.S3;

/// <summary>
/// Delivers object events to the functions, queues and topics that a bucket's notifications name, and to EventBridge: asynchronously, the
/// write does not wait for them.
/// </summary>
internal sealed class NotificationDispatcher(
    BucketRegistry buckets, EventDelivery delivery, EventBus bus, ILogger<NotificationDispatcher> logger) : BackgroundService, IObjectEvents
{
    private readonly Channel<(ObjectEvent Happened, NotificationRule Rule)> _deliveries =
        Channel.CreateUnbounded<(ObjectEvent Happened, NotificationRule Rule)>();

    /// <inheritdoc/>
    public void Publish(ObjectEvent happened)
    {
        var notifications = buckets.Find(happened.Bucket)?.Notifications ?? NotificationConfiguration.Empty;
        foreach (var rule in notifications.Rules.Where(rule => rule.Matches(happened.Name, happened.Key)))
        {
            _deliveries.Writer.TryWrite((happened, rule));
        }

        if (notifications.ToEventBridge)
        {
            bus.Publish(happened.Scope, happened.ToEventBridge());
        }
    }

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await foreach (var (happened, rule) in _deliveries.Reader.ReadAllAsync(stoppingToken))
        {
            try
            {
                await delivery.DeliverAsync(
                    new Delivery(
                        happened.Scope,
                        rule.TargetArn,
                        JsonText.Of(happened.ToNotification(rule.Id)),
                        BucketNotificationService.Principal,
                        $"arn:aws:s3:::{happened.Bucket}"),
                    stoppingToken);
            }
            catch (Exception failure) when (failure is AwsException or HttpRequestException)
            {
                logger.LogWarning(
                    "{Event} of {Bucket} could not be delivered to {Target}: {Message}",
                    happened.Name,
                    happened.Bucket,
                    rule.TargetArn,
                    failure.Message);
            }
        }
    }
}
