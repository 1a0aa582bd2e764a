using Microsoft.AspNetCore.Http.Features;

namespace LocalAws.Routing;

/// <summary>Names of S3's operations from method, path and query; path-style addressing only, as the endpoint is an IP address.</summary>
internal static class S3Operations
{
    /// <summary>Splits a raw target into bucket and key; the key is percent-decoded once and not normalised.</summary>
    public static (string Bucket, string Key) Address(string rawTarget)
    {
        var path = rawTarget.Split('?', 2)[0].TrimStart('/');
        var slash = path.IndexOf('/', StringComparison.Ordinal);
        return slash < 0
            ? (Uri.UnescapeDataString(path), "")
            : (Uri.UnescapeDataString(path[..slash]), Uri.UnescapeDataString(path[(slash + 1)..]));
    }

    /// <summary>The operation's name, or method and sub-resource when S3 has none of the kind.</summary>
    public static string Find(HttpRequest request)
    {
        var rawTarget = request.HttpContext.Features.GetRequiredFeature<IHttpRequestFeature>().RawTarget;
        var (bucket, key) = Address(rawTarget);
        if (bucket.Length == 0)
        {
            return HttpMethods.IsGet(request.Method) && Parameter(request) is null ? "ListBuckets" : $"{request.Method} {rawTarget}";
        }

        return key.Length == 0 ? BucketOperation(request) : ObjectOperation(request);
    }

    /// <summary>Whether the body is an object's data or a part of it, which is as large as it is.</summary>
    public static bool CarriesData(HttpRequest request) =>
        HttpMethods.IsPut(request.Method)
        && (request.Path.Value ?? "").Trim('/').Contains('/', StringComparison.Ordinal)
        && S3SubResources.OfObjects(request.Query) is null && Parameter(request) is null;

    private static string BucketOperation(HttpRequest request)
    {
        var (method, query) = (request.Method, request.Query);
        if (method == "POST" && query.ContainsKey("delete"))
        {
            return "DeleteObjects";
        }

        if (S3SubResources.OfBuckets(query) is { } found)
        {
            return Named(method, found);
        }

        return method switch
        {
            "GET" when query.ContainsKey("versions") => "ListObjectVersions",
            "GET" when query.ContainsKey("uploads") => "ListMultipartUploads",
            _ when Parameter(request) is { } unknown => $"{method} ?{unknown}",
            "PUT" => "CreateBucket",
            "DELETE" => "DeleteBucket",
            "HEAD" => "HeadBucket",
            "GET" when query.ContainsKey("list-type") => "ListObjectsV2",
            "GET" => "ListObjects",
            _ => $"{method} bucket",
        };
    }

    private static string ObjectOperation(HttpRequest request)
    {
        var (method, query) = (request.Method, request.Query);
        if (S3SubResources.OfObjects(query) is { } found)
        {
            return Named(method, found);
        }

        var copies = request.Headers.ContainsKey("x-amz-copy-source");
        return method switch
        {
            "GET" when query.ContainsKey("uploadId") => "ListParts",
            "POST" when query.ContainsKey("uploads") => "CreateMultipartUpload",
            _ when Parameter(request) is { } unknown => $"{method} ?{unknown}",
            "GET" => "GetObject",
            "HEAD" => "HeadObject",
            "PUT" when query.ContainsKey("partNumber") => copies ? "UploadPartCopy" : "UploadPart",
            "PUT" => copies ? "CopyObject" : "PutObject",
            "POST" when query.ContainsKey("uploadId") => "CompleteMultipartUpload",
            "DELETE" when query.ContainsKey("uploadId") => "AbortMultipartUpload",
            "DELETE" => "DeleteObject",
            _ => $"{method} object",
        };
    }

    private static string Named(string method, (string Name, string Noun) found) => (method, found.Name) switch
    {
        ("POST", "restore") => "RestoreObject",
        ("POST", "select") => "SelectObjectContent",
        ("POST", "metadataConfiguration" or "metadataTable") => "Create" + found.Noun,
        ("GET", "session") => "CreateSession",
        ("GET", _) => "Get" + found.Noun,
        ("PUT", _) => "Put" + found.Noun,
        ("DELETE", _) => "Delete" + found.Noun,
        _ => $"{method} ?{found.Name}",
    };

    /// <summary>
    /// A parameter without a value that is none of those that these operations take: it names a sub-resource, so the request must not be
    /// taken for one of the bucket or object itself.
    /// </summary>
    private static string? Parameter(HttpRequest request) =>
        request.Query.FirstOrDefault(item => item.Value.All(string.IsNullOrEmpty) && !S3SubResources.IsPlain(item.Key)).Key;
}
