using System.Xml.Linq;
using LocalAws.Protocols;
using LocalAws.Routing;
using LocalAws.Services.Lambda;

namespace LocalAws.Services.S3;

/// <summary>Bucket policies and event notifications, which the gateway keeps itself.</summary>
internal sealed class BucketConfigurationService(BucketRegistry buckets, FunctionRegistry functions, Moto.MotoClient moto) : IAwsService
{
    public string SigningName => "s3";

    public bool Owns(string operation) => operation is
        "GetBucketPolicy" or "PutBucketPolicy" or "DeleteBucketPolicy" or "GetBucketPolicyStatus" or "GetBucketNotificationConfiguration" or "PutBucketNotificationConfiguration";

    public async Task HandleAsync(AwsRequest request)
    {
        var (bucket, _) = S3Operations.Address(request.RawTarget);
        using (var head = await moto.S3Async(request.Scope, HttpMethod.Head, bucket, "", request.Aborted))
        {
            if (!head.IsSuccessStatusCode)
            {
                throw new AwsException("NoSuchBucket", $"The specified bucket does not exist: {bucket}", StatusCodes.Status404NotFound);
            }
        }

        var documents = buckets.Of(request.Scope, bucket);
        var response = request.Http.Response;
        switch (request.Operation)
        {
            case "PutBucketPolicy":
                documents.Policy = System.Text.Encoding.UTF8.GetString(request.Body);
                response.StatusCode = StatusCodes.Status204NoContent;
                break;
            case "DeleteBucketPolicy":
                documents.Policy = null;
                response.StatusCode = StatusCodes.Status204NoContent;
                break;
            case "GetBucketPolicy":
                response.ContentType = "application/json";
                await response.WriteAsync(
                    documents.Policy ?? throw new AwsException("NoSuchBucketPolicy", "The bucket policy does not exist", StatusCodes.Status404NotFound),
                    request.Aborted);
                break;
            case "GetBucketPolicyStatus":
                _ = documents.Policy ?? throw new AwsException("NoSuchBucketPolicy", "The bucket policy does not exist", StatusCodes.Status404NotFound);
                await WriteXmlAsync(request, new XElement("PolicyStatus", new XElement("IsPublic", "FALSE")));
                break;
            case "PutBucketNotificationConfiguration":
                var configuration = NotificationConfiguration.Parse(request.Body);
                foreach (var rule in configuration.Rules)
                {
                    Validate(rule, bucket);
                }

                documents.Notifications = configuration;
                break;
            default:
                await WriteXmlAsync(request, documents.Notifications.Document);
                break;
        }
    }

    /// <summary>S3 checks at once that it may invoke the function; a permission that comes later is too late.</summary>
    private void Validate(NotificationRule rule, string bucket)
    {
        if (functions.Find(rule.FunctionArn) is not { } function || !function.Policy.AllowsS3(bucket))
        {
            throw new AwsException(
                "InvalidArgument",
                $"Unable to validate the following destination configurations: {rule.FunctionArn} does not exist or its policy does not let s3.amazonaws.com invoke it for arn:aws:s3:::{bucket}.");
        }
    }

    private static Task WriteXmlAsync(AwsRequest request, XElement body)
    {
        request.Http.Response.ContentType = "application/xml";
        return request.Http.Response.WriteAsync(body.ToString(SaveOptions.DisableFormatting), request.Aborted);
    }
}
