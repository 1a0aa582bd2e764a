using System.Text;
using System.Xml.Linq;
using LocalAws.Protocols;
using LocalAws.Routing;

namespace LocalAws.Services.S3;

/// <summary>Bucket policies, kept and shown; moto would apply their denials without their conditions.</summary>
internal sealed class BucketPolicyService : AwsService
{
    private readonly BucketCheck _buckets;

    public BucketPolicyService(BucketCheck buckets)
        : base("s3")
    {
        _buckets = buckets;
        On("PutBucketPolicy", request => SetAsync(request, Encoding.UTF8.GetString(request.Body)));
        On("DeleteBucketPolicy", request => SetAsync(request, null));
        On("GetBucketPolicy", GetAsync);
        On("GetBucketPolicyStatus", GetStatusAsync);
    }

    private async Task SetAsync(AwsRequest request, string? policy)
    {
        var (_, documents) = await _buckets.FindAsync(request);
        documents.Policy = policy;
        request.Http.Response.StatusCode = StatusCodes.Status204NoContent;
    }

    private async Task GetAsync(AwsRequest request)
    {
        var policy = await PolicyAsync(request);
        request.Http.Response.ContentType = "application/json";
        await request.Http.Response.WriteAsync(policy, request.Aborted);
    }

    private async Task GetStatusAsync(AwsRequest request)
    {
        _ = await PolicyAsync(request);
        await XmlResponse.WriteAsync(request.Http, new XElement("PolicyStatus", new XElement("IsPublic", "FALSE")));
    }

    private async Task<string> PolicyAsync(AwsRequest request)
    {
        var (_, documents) = await _buckets.FindAsync(request);
        return documents.Policy
            ?? throw new AwsException("NoSuchBucketPolicy", "The bucket policy does not exist", StatusCodes.Status404NotFound);
    }
}
