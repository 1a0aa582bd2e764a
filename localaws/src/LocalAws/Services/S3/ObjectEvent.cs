using System.Net;
using System.Text.Json.Nodes;
using LocalAws.Routing;

namespace LocalAws.Services.S3;

/// <summary>Something that happened to an object.</summary>
/// <param name="Scope">The account and region of the request.</param>
/// <param name="Name">Without the <c>s3:</c>, e.g. <c>ObjectCreated:Put</c>.</param>
/// <param name="Bucket">The bucket's name.</param>
/// <param name="Key">The key, decoded.</param>
/// <param name="Size">Bytes; null for a removal.</param>
/// <param name="ETag">Without quotes; null for a removal.</param>
/// <param name="VersionId">Null in a bucket without versions.</param>
/// <param name="Sequence">Greater than those of the key's earlier writes.</param>
/// <param name="Time">When the write had succeeded.</param>
internal sealed record ObjectEvent(
    AwsScope Scope,
    string Name,
    string Bucket,
    string Key,
    long? Size,
    string? ETag,
    string? VersionId,
    string Sequence,
    DateTimeOffset Time)
{
    /// <summary>
    /// The event of EventBridge, whose key is not encoded; shape recorded on AWS (localstack,
    /// test_s3_notifications_eventbridge.snapshot.json,
    /// 2025-01-21).
    /// </summary>
    public JsonObject ToEventBridge()
    {
        var isRemoval = Name.StartsWith("ObjectRemoved:", StringComparison.Ordinal);
        var subject = new JsonObject { ["key"] = Key };
        if (Size is { } size)
        {
            subject["size"] = size;
        }

        if (ETag is not null)
        {
            subject["etag"] = ETag;
        }

        if (VersionId is not null)
        {
            subject["version-id"] = VersionId;
        }

        subject["sequencer"] = Sequence;
        var detail = new JsonObject
        {
            ["version"] = "0",
            ["bucket"] = new JsonObject { ["name"] = Bucket },
            ["object"] = subject,
            ["request-id"] = Guid.NewGuid().ToString("N")[..16].ToUpperInvariant(),
            ["requester"] = Scope.AccountId,
            ["source-ip-address"] = "127.0.0.1",
            ["reason"] = Name switch
            {
                "ObjectCreated:Copy" => "CopyObject",
                "ObjectCreated:CompleteMultipartUpload" => "CompleteMultipartUpload",
                _ when isRemoval => "DeleteObject",
                _ => "PutObject",
            },
        };
        if (isRemoval)
        {
            detail["deletion-type"] = "Permanently Deleted";
        }

        return Events.EventBridgeEvent.Of(
            Scope, "aws.s3", isRemoval ? "Object Deleted" : "Object Created", detail, [$"arn:aws:s3:::{Bucket}"], Time);
    }

    /// <summary>
    /// The notification message; shape recorded on AWS (localstack, test_s3_notifications_lambda.snapshot.json, 2025-01-21).
    /// </summary>
    public JsonObject ToNotification(string configurationId)
    {
        // The key is form-encoded: a blank is '+', '/' stays.
        var key = WebUtility.UrlEncode(Key).Replace("%2F", "/", StringComparison.Ordinal);
        var subject = new JsonObject { ["key"] = key };
        if (Size is { } size)
        {
            subject["size"] = size;
        }

        if (ETag is not null)
        {
            subject["eTag"] = ETag;
        }

        if (VersionId is not null)
        {
            subject["versionId"] = VersionId;
        }

        subject["sequencer"] = Sequence;
        return new JsonObject
        {
            ["Records"] = new JsonArray(new JsonObject
            {
                ["eventVersion"] = "2.1",
                ["eventSource"] = "aws:s3",
                ["awsRegion"] = Scope.Region,
                ["eventTime"] = Time.UtcDateTime.ToString(
                    "yyyy-MM-dd'T'HH:mm:ss.fff'Z'", System.Globalization.CultureInfo.InvariantCulture),
                ["eventName"] = Name,
                ["userIdentity"] = new JsonObject { ["principalId"] = $"AWS:{Scope.AccountId}" },
                ["requestParameters"] = new JsonObject { ["sourceIPAddress"] = "127.0.0.1" },
                ["responseElements"] = new JsonObject
                {
                    ["x-amz-request-id"] = Guid.NewGuid().ToString("N")[..16].ToUpperInvariant(),
                    ["x-amz-id-2"] = Guid.NewGuid().ToString("N"),
                },
                ["s3"] = new JsonObject
                {
                    ["s3SchemaVersion"] = "1.0",
                    ["configurationId"] = configurationId,
                    ["bucket"] = new JsonObject
                    {
                        ["name"] = Bucket,
                        ["ownerIdentity"] = new JsonObject { ["principalId"] = Scope.AccountId },
                        ["arn"] = $"arn:aws:s3:::{Bucket}",
                    },
                    ["object"] = subject,
                },
            }),
        };
    }
}
