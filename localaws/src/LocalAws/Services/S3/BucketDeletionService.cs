using LocalAws.Moto;
using LocalAws.Routing;

namespace LocalAws.Services.S3;

/// <summary>Deletes a bucket in moto and with it what the gateway keeps of it.</summary>
internal sealed class BucketDeletionService(MotoForwarder forwarder, BucketRegistry buckets) : IAwsService
{
    public string SigningName => "s3";

    public bool Owns(string operation) => operation is "DeleteBucket";

    public async Task HandleAsync(AwsRequest request)
    {
        using var answer = await forwarder.SendAsync(request, request.Aborted);
        if (answer.IsSuccessStatusCode)
        {
            buckets.Remove(S3Operations.Address(request.RawTarget).Bucket);
        }

        await forwarder.WriteAsync(request, answer);
    }
}
