using System.Collections.Concurrent;
using LocalAws.Routing;

namespace LocalAws.Services.S3;

/// <summary>The documents of every bucket. Bucket names are global, so one registry serves all accounts.</summary>
internal sealed class BucketRegistry
{
    private readonly ConcurrentDictionary<string, (AwsScope Scope, BucketDocuments Documents)> _buckets = new(StringComparer.Ordinal);

    public BucketDocuments Of(AwsScope scope, string bucket) => _buckets.GetOrAdd(bucket, _ => (scope, new BucketDocuments())).Documents;

    public BucketDocuments? Find(string bucket) => _buckets.TryGetValue(bucket, out var entry) ? entry.Documents : null;

    public void Remove(string bucket) => _buckets.TryRemove(bucket, out _);
}
