using System.Net;
using Amazon.Runtime;
using Amazon.S3;
using Amazon.S3.Model;
using Amazon.S3.Transfer;
using LocalAws.Replication.Settings;

namespace LocalAws.Replication.Uploads;

/// <summary>The target bucket.</summary>
internal sealed class S3Bucket : IDisposable
{
    private const long PartSize = 16 * 1024 * 1024;

    private readonly AmazonS3Client _client;
    private readonly TransferUtility _transfer;
    private readonly S3TargetSettings _settings;

    public S3Bucket(TargetSpec target, S3TargetSettings settings)
    {
        _settings = settings;
        var config = new AmazonS3Config
        {
            AuthenticationRegion = target.Region,
            RequestChecksumCalculation = RequestChecksumCalculation.WHEN_REQUIRED,
            ResponseChecksumValidation = ResponseChecksumValidation.WHEN_REQUIRED,
            MaxErrorRetry = 2,
        };
        if (target.EndpointUrl is { } endpoint)
        {
            config.ServiceURL = endpoint.ToString();
            // A bucket's name cannot stand before an address.
            config.ForcePathStyle = IPAddress.TryParse(endpoint.Host, out _) || endpoint.Host == "localhost";
        }
        else
        {
            config.RegionEndpoint = Amazon.RegionEndpoint.GetBySystemName(target.Region);
        }

        AWSCredentials credentials = target.SessionToken is { Length: > 0 } token
            ? new SessionAWSCredentials(target.AccessKeyId, target.SecretAccessKey, token)
            : new BasicAWSCredentials(target.AccessKeyId, target.SecretAccessKey);
        _client = new AmazonS3Client(credentials, config);
        _transfer = new TransferUtility(_client, new TransferUtilityConfig { MinSizeBeforePartUpload = PartSize });
    }

    /// <summary>Whether trying again may help: the network, throttling, a server's own trouble.</summary>
    public static bool IsRecoverable(Exception error) => error switch
    {
        AmazonS3Exception s3 => (int)s3.StatusCode >= 500
            || s3.StatusCode is 0 or HttpStatusCode.TooManyRequests or HttpStatusCode.RequestTimeout,
        HttpRequestException or TimeoutException or IOException => error is not FileNotFoundException,
        AmazonClientException => true,
        TaskCanceledException => true,
        _ => false,
    };

    /// <exception cref="ReplicationException">The bucket cannot be reached or used; the message says why.</exception>
    public async Task CheckAsync(CancellationToken cancellationToken)
    {
        try
        {
            await _client.ListObjectsV2Async(
                new ListObjectsV2Request
                {
                    BucketName = _settings.BucketName,
                    MaxKeys = 1,
                    Prefix = _settings.BucketFolder,
                    ExpectedBucketOwner = _settings.ExpectedBucketOwner,
                },
                cancellationToken);
        }
        catch (Exception error) when (error is AmazonServiceException or AmazonClientException or HttpRequestException)
        {
            throw new ReplicationException($"The S3 bucket '{_settings.BucketName}' cannot be used: {error.Message}", error);
        }
    }

    public Task UploadAsync(string path, string key, CancellationToken cancellationToken)
    {
        var request = new TransferUtilityUploadRequest
        {
            BucketName = _settings.BucketName,
            Key = key,
            FilePath = path,
            PartSize = PartSize,
            ExpectedBucketOwner = _settings.ExpectedBucketOwner,
        };
        if (_settings.SseKms)
        {
            request.ServerSideEncryptionMethod = ServerSideEncryptionMethod.AWSKMS;
            request.ServerSideEncryptionKeyManagementServiceKeyId = _settings.ServerSideEncryptionKmsKeyId;
        }

        if (_settings.CannedAcl is { } acl)
        {
            request.CannedACL = S3CannedACL.FindValue(acl);
        }

        return _transfer.UploadAsync(request, cancellationToken);
    }

    /// <summary>Deletes objects; one that is not there is no error.</summary>
    public async Task DeleteAsync(IReadOnlyList<string> keys, CancellationToken cancellationToken)
    {
        const int MostAtOnce = 1000;
        foreach (var some in keys.Chunk(MostAtOnce))
        {
            await _client.DeleteObjectsAsync(
                new DeleteObjectsRequest
                {
                    BucketName = _settings.BucketName,
                    Objects = [.. some.Select(key => new KeyVersion { Key = key })],
                    Quiet = true,
                },
                cancellationToken);
        }
    }

    /// <summary>Deletes every object below a folder.</summary>
    public async Task DeleteFolderAsync(string folder, CancellationToken cancellationToken)
    {
        var request = new ListObjectsV2Request { BucketName = _settings.BucketName, Prefix = folder };
        ListObjectsV2Response page;
        do
        {
            page = await _client.ListObjectsV2Async(request, cancellationToken);
            await DeleteAsync([.. (page.S3Objects ?? []).Select(item => item.Key)], cancellationToken);
            request.ContinuationToken = page.NextContinuationToken;
        }
        while (page.IsTruncated == true);
    }

    public void Dispose()
    {
        _transfer.Dispose();
        _client.Dispose();
    }
}
