using LocalAws.Moto;
using LocalAws.Protocols;
using LocalAws.Routing;

namespace LocalAws.Services.S3;

/// <summary>Finds what the gateway keeps of a bucket that exists in moto.</summary>
internal sealed class BucketCheck(BucketRegistry buckets, MotoClient moto)
{
    /// <exception cref="AwsException">NoSuchBucket.</exception>
    public async Task<(string Bucket, BucketDocuments Documents)> FindAsync(AwsRequest request)
    {
        var (bucket, _) = S3Operations.Address(request.RawTarget);
        using var head = await moto.S3Async(request.Scope, HttpMethod.Head, bucket, "", request.Aborted);
        return head.IsSuccessStatusCode
            ? (bucket, buckets.Of(request.Scope, bucket))
            : throw new AwsException("NoSuchBucket", $"The specified bucket does not exist: {bucket}", StatusCodes.Status404NotFound);
    }
}
