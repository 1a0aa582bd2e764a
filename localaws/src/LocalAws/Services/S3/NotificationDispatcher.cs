using LocalAws.Protocols;
using LocalAws.Services.Lambda;

namespace LocalAws.Services.S3;

/// <summary>
/// Delivers object events to the functions that a bucket's notifications name: asynchronously, the write does not wait for them.
/// </summary>
internal sealed class NotificationDispatcher(
    BucketRegistry buckets, AsyncInvoker invoker, ILogger<NotificationDispatcher> logger) : IObjectEvents
{
    public void Publish(ObjectEvent happened)
    {
        foreach (var rule in buckets.Find(happened.Bucket)?.Notifications.Rules ?? [])
        {
            if (rule.Matches(happened.Name, happened.Key))
            {
                logger.LogDebug("{Event} s3://{Bucket}/{Key} → {Function}", happened.Name, happened.Bucket, happened.Key, rule.FunctionArn);
                invoker.Enqueue(
                    happened.Scope, rule.FunctionArn, System.Text.Encoding.UTF8.GetBytes(JsonText.Of(happened.ToNotification(rule.Id))));
            }
        }
    }
}
