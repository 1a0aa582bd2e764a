using Amazon.S3;

namespace Cdc.Harness.Pipelines;

/// <summary>Small objects of S3.</summary>
public static class S3Extensions
{
    /// <summary>A whole object.</summary>
    public static async Task<byte[]> ReadAsync(this IAmazonS3 s3, string bucket, string key, CancellationToken cancellationToken)
    {
        using var response = await s3.GetObjectAsync(bucket, key, cancellationToken);
        using var content = new MemoryStream();
        await response.ResponseStream.CopyToAsync(content, cancellationToken);
        return content.ToArray();
    }
}
