using LocalAws.Moto;
using LocalAws.Routing;

namespace LocalAws.Services.S3;

/// <summary>Deletes a bucket in moto and with it what the gateway keeps of it.</summary>
internal sealed class BucketDeletionService : AwsService
{
    private readonly MotoForwarder _forwarder;
    private readonly BucketRegistry _buckets;

    public BucketDeletionService(MotoForwarder forwarder, BucketRegistry buckets)
        : base("s3")
    {
        (_forwarder, _buckets) = (forwarder, buckets);
        On("DeleteBucket", HandleAsync);
    }

    private async Task HandleAsync(AwsRequest request)
    {
        using var answer = await _forwarder.SendAsync(request, request.Aborted);
        if (answer.IsSuccessStatusCode)
        {
            _buckets.Remove(S3Operations.Address(request.RawTarget).Bucket);
        }

        await MotoForwarder.WriteAsync(request, answer);
    }
}
