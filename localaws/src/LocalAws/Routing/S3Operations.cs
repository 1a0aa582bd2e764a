using Microsoft.AspNetCore.Http.Features;

namespace LocalAws.Routing;

/// <summary>Names of S3's operations from method, path and query; path-style addressing only, as the endpoint is an IP address.</summary>
internal static class S3Operations
{
    /// <summary>Sub-resources of a bucket: query key → the noun in the operation's name.</summary>
    private static readonly Dictionary<string, string> BucketNouns = new(StringComparer.Ordinal)
    {
        ["accelerate"] = "BucketAccelerateConfiguration",
        ["acl"] = "BucketAcl",
        ["cors"] = "BucketCors",
        ["encryption"] = "BucketEncryption",
        ["lifecycle"] = "BucketLifecycleConfiguration",
        ["location"] = "BucketLocation",
        ["logging"] = "BucketLogging",
        ["notification"] = "BucketNotificationConfiguration",
        ["object-lock"] = "ObjectLockConfiguration",
        ["ownershipControls"] = "BucketOwnershipControls",
        ["policy"] = "BucketPolicy",
        ["policyStatus"] = "BucketPolicyStatus",
        ["publicAccessBlock"] = "PublicAccessBlock",
        ["replication"] = "BucketReplication",
        ["requestPayment"] = "BucketRequestPayment",
        ["tagging"] = "BucketTagging",
        ["versioning"] = "BucketVersioning",
        ["website"] = "BucketWebsite",
    };

    /// <summary>Splits a raw target into bucket and key; the key is percent-decoded once and not normalised.</summary>
    public static (string Bucket, string Key) Address(string rawTarget)
    {
        var path = rawTarget.Split('?', 2)[0].TrimStart('/');
        var slash = path.IndexOf('/', StringComparison.Ordinal);
        return slash < 0
            ? (Uri.UnescapeDataString(path), "")
            : (Uri.UnescapeDataString(path[..slash]), Uri.UnescapeDataString(path[(slash + 1)..]));
    }

    public static string Find(HttpRequest request)
    {
        var rawTarget = request.HttpContext.Features.GetRequiredFeature<IHttpRequestFeature>().RawTarget;
        var (bucket, key) = Address(rawTarget);
        var query = request.Query;
        if (bucket.Length == 0)
        {
            return HttpMethods.IsGet(request.Method) ? "ListBuckets" : $"{request.Method} /";
        }

        return key.Length == 0 ? BucketOperation(request.Method, query) : ObjectOperation(request, query);
    }

    private static string BucketOperation(string method, IQueryCollection query)
    {
        if (method == "POST" && query.ContainsKey("delete"))
        {
            return "DeleteObjects";
        }

        foreach (var (name, noun) in BucketNouns)
        {
            if (query.ContainsKey(name))
            {
                return method switch { "GET" => "Get" + noun, "PUT" => "Put" + noun, "DELETE" => "Delete" + noun, _ => $"{method} ?{name}" };
            }
        }

        return method switch
        {
            "PUT" => "CreateBucket",
            "DELETE" => "DeleteBucket",
            "HEAD" => "HeadBucket",
            "GET" when query.ContainsKey("versions") => "ListObjectVersions",
            "GET" when query.ContainsKey("uploads") => "ListMultipartUploads",
            "GET" when query.ContainsKey("list-type") => "ListObjectsV2",
            "GET" => "ListObjects",
            _ => $"{method} bucket",
        };
    }

    private static string ObjectOperation(HttpRequest request, IQueryCollection query)
    {
        var copies = request.Headers.ContainsKey("x-amz-copy-source");
        return request.Method switch
        {
            "GET" when query.ContainsKey("uploadId") => "ListParts",
            "GET" when query.ContainsKey("tagging") => "GetObjectTagging",
            "GET" when query.ContainsKey("acl") => "GetObjectAcl",
            "GET" when query.ContainsKey("attributes") => "GetObjectAttributes",
            "GET" => "GetObject",
            "HEAD" => "HeadObject",
            "PUT" when query.ContainsKey("partNumber") => copies ? "UploadPartCopy" : "UploadPart",
            "PUT" when query.ContainsKey("tagging") => "PutObjectTagging",
            "PUT" when query.ContainsKey("acl") => "PutObjectAcl",
            "PUT" => copies ? "CopyObject" : "PutObject",
            "POST" when query.ContainsKey("uploads") => "CreateMultipartUpload",
            "POST" when query.ContainsKey("uploadId") => "CompleteMultipartUpload",
            "DELETE" when query.ContainsKey("uploadId") => "AbortMultipartUpload",
            "DELETE" when query.ContainsKey("tagging") => "DeleteObjectTagging",
            "DELETE" => "DeleteObject",
            _ => $"{request.Method} object",
        };
    }
}
