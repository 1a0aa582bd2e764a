using System.Globalization;
using System.Text.Json.Nodes;
using LocalAws.Protocols;
using LocalAws.Routing;
using LocalAws.Services.Lambda;
using LocalAws.Services.Messaging;
using LocalAws.Services.Sqs;

namespace LocalAws.Services.S3;

/// <summary>Event notifications of buckets, which the gateway keeps itself.</summary>
internal sealed class BucketNotificationService : AwsService
{
    /// <summary>S3 as policies name it.</summary>
    public const string Principal = "s3.amazonaws.com";

    private readonly BucketCheck _buckets;
    private readonly FunctionRegistry _functions;
    private readonly QueueClient _queues;
    private readonly EventDelivery _delivery;
    private readonly TimeProvider _clock;

    public BucketNotificationService(
        BucketCheck buckets, FunctionRegistry functions, QueueClient queues, EventDelivery delivery, TimeProvider clock)
        : base("s3")
    {
        (_buckets, _functions, _queues, _delivery, _clock) = (buckets, functions, queues, delivery, clock);
        On("PutBucketNotificationConfiguration", PutAsync);
        On("GetBucketNotificationConfiguration", GetAsync);
    }

    private async Task PutAsync(AwsRequest request)
    {
        var (bucket, documents) = await _buckets.FindAsync(request);
        var configuration = NotificationConfiguration.Parse(request.Body);
        foreach (var rule in configuration.Rules)
        {
            await ValidateAsync(rule, bucket, request.Aborted);
        }

        foreach (var target in configuration.Rules.Select(rule => rule.TargetArn).Where(IsNoFunction).Distinct())
        {
            await _delivery.DeliverAsync(
                new Delivery(request.Scope, target, JsonText.Of(TestEvent(bucket)), Principal, $"arn:aws:s3:::{bucket}"), request.Aborted);
        }

        documents.Notifications = configuration;
    }

    private async Task GetAsync(AwsRequest request)
    {
        var (_, documents) = await _buckets.FindAsync(request);
        await XmlResponse.WriteAsync(request.Http, documents.Notifications.Document);
    }

    private static bool IsNoFunction(string arn) => !arn.Contains(":lambda:", StringComparison.Ordinal);

    /// <summary>What queues and topics get when a notification is configured; functions do not.</summary>
    private JsonObject TestEvent(string bucket) => new()
    {
        ["Service"] = "Amazon S3",
        ["Event"] = "s3:TestEvent",
        ["Time"] = _clock.GetUtcNow().UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture),
        ["Bucket"] = bucket,
        ["RequestId"] = Guid.NewGuid().ToString("N")[..16].ToUpperInvariant(),
        ["HostId"] = Guid.NewGuid().ToString("N"),
    };

    /// <summary>
    /// S3 checks at once that it may deliver; a permission that comes later is too late. Of a topic its name alone is known here.
    /// </summary>
    private async Task ValidateAsync(NotificationRule rule, string bucket, CancellationToken cancellationToken)
    {
        var isValid = rule.TargetArn.Split(':').ElementAtOrDefault(2) switch
        {
            "lambda" => _functions.Find(rule.TargetArn)?.Policy.Allows(Principal, $"arn:aws:s3:::{bucket}") ?? false,
            "sqs" => await LetsInAsync(rule.TargetArn, cancellationToken),
            "sns" => true,
            _ => false,
        };
        if (!isValid)
        {
            throw new AwsException(
                "InvalidArgument",
                $"Unable to validate the following destination configurations: {rule.TargetArn} does not exist or its policy "
                + $"does not let {Principal} deliver to it for arn:aws:s3:::{bucket}.");
        }
    }

    private async Task<bool> LetsInAsync(string queue, CancellationToken cancellationToken)
    {
        try
        {
            var policy = (await _queues.AttributesAsync(queue, cancellationToken)).Text("Policy");
            return policy is not null && policy.Contains(Principal, StringComparison.Ordinal);
        }
        catch (AwsException)
        {
            return false;
        }
    }
}
