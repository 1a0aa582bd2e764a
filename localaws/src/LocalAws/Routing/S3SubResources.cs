namespace LocalAws.Routing;

/// <summary>What a query of S3 names beside the bucket or the object itself.</summary>
internal static class S3SubResources
{
    /// <summary>Of a bucket: query key → the noun in the operation's name.</summary>
    private static readonly Dictionary<string, string> Buckets = new(StringComparer.Ordinal)
    {
        ["abac"] = "BucketAbac",
        ["accelerate"] = "BucketAccelerateConfiguration",
        ["acl"] = "BucketAcl",
        ["analytics"] = "BucketAnalyticsConfiguration",
        ["cors"] = "BucketCors",
        ["encryption"] = "BucketEncryption",
        ["intelligent-tiering"] = "BucketIntelligentTieringConfiguration",
        ["inventory"] = "BucketInventoryConfiguration",
        ["lifecycle"] = "BucketLifecycleConfiguration",
        ["location"] = "BucketLocation",
        ["logging"] = "BucketLogging",
        ["metadataConfiguration"] = "BucketMetadataConfiguration",
        ["metadataTable"] = "BucketMetadataTableConfiguration",
        ["metrics"] = "BucketMetricsConfiguration",
        ["notification"] = "BucketNotificationConfiguration",
        ["object-lock"] = "ObjectLockConfiguration",
        ["ownershipControls"] = "BucketOwnershipControls",
        ["policy"] = "BucketPolicy",
        ["policyStatus"] = "BucketPolicyStatus",
        ["publicAccessBlock"] = "PublicAccessBlock",
        ["replication"] = "BucketReplication",
        ["requestPayment"] = "BucketRequestPayment",
        ["session"] = "Session",
        ["tagging"] = "BucketTagging",
        ["versioning"] = "BucketVersioning",
        ["website"] = "BucketWebsite",
    };

    /// <summary>Of an object: query key → the noun in the operation's name.</summary>
    private static readonly Dictionary<string, string> Objects = new(StringComparer.Ordinal)
    {
        ["acl"] = "ObjectAcl",
        ["attributes"] = "ObjectAttributes",
        ["encryption"] = "ObjectEncryption",
        ["legal-hold"] = "ObjectLegalHold",
        ["restore"] = "ObjectRestore",
        ["retention"] = "ObjectRetention",
        ["select"] = "ObjectContent",
        ["tagging"] = "ObjectTagging",
        ["torrent"] = "ObjectTorrent",
    };

    /// <summary>Parameters that may lack a value and still leave the request one of the bucket or object itself.</summary>
    private static readonly HashSet<string> Plain = new(StringComparer.Ordinal)
    {
        "prefix", "delimiter", "marker", "max-keys", "encoding-type", "start-after", "continuation-token", "fetch-owner", "list-type",
        "key-marker", "version-id-marker", "upload-id-marker", "max-uploads", "versionId", "x-id", "bucket-region", "max-buckets",
        "X-Amz-Security-Token", "response-content-disposition", "response-content-type", "response-cache-control",
        "response-content-encoding", "response-content-language", "response-expires",
    };

    public static (string Name, string Noun)? OfBuckets(IQueryCollection query) => First(Buckets, query);

    public static (string Name, string Noun)? OfObjects(IQueryCollection query) => First(Objects, query);

    public static bool IsPlain(string parameter) => Plain.Contains(parameter);

    private static (string Name, string Noun)? First(Dictionary<string, string> nouns, IQueryCollection query) => query.Keys
        .Where(nouns.ContainsKey)
        .Select(name => ((string Name, string Noun)?)(name, nouns[name]))
        .FirstOrDefault();
}
