using LocalAws.Protocols;
using LocalAws.Routing;
using LocalAws.Services.Lambda;

namespace LocalAws.Services.S3;

/// <summary>Event notifications of buckets, which the gateway keeps itself.</summary>
internal sealed class BucketNotificationService : AwsService
{
    private readonly BucketCheck _buckets;
    private readonly FunctionRegistry _functions;

    public BucketNotificationService(BucketCheck buckets, FunctionRegistry functions)
        : base("s3")
    {
        (_buckets, _functions) = (buckets, functions);
        On("PutBucketNotificationConfiguration", PutAsync);
        On("GetBucketNotificationConfiguration", GetAsync);
    }

    private async Task PutAsync(AwsRequest request)
    {
        var (bucket, documents) = await _buckets.FindAsync(request);
        var configuration = NotificationConfiguration.Parse(request.Body);
        foreach (var rule in configuration.Rules)
        {
            Validate(rule, bucket);
        }

        documents.Notifications = configuration;
    }

    private async Task GetAsync(AwsRequest request)
    {
        var (_, documents) = await _buckets.FindAsync(request);
        await XmlResponse.WriteAsync(request.Http, documents.Notifications.Document);
    }

    /// <summary>S3 checks at once that it may invoke the function; a permission that comes later is too late.</summary>
    private void Validate(NotificationRule rule, string bucket)
    {
        if (_functions.Find(rule.FunctionArn) is not { } function || !function.Policy.AllowsS3(bucket))
        {
            throw new AwsException(
                "InvalidArgument",
                $"Unable to validate the following destination configurations: {rule.FunctionArn} does not exist or its policy "
                + $"does not let s3.amazonaws.com invoke it for arn:aws:s3:::{bucket}.");
        }
    }
}
