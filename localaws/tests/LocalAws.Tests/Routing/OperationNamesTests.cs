using LocalAws.Protocols;
using LocalAws.Routing;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace LocalAws.Tests.Routing;

public sealed class OperationNamesTests
{
    [Theory]
    [InlineData("PUT", "/bucket/raw/a%20b/c%3Dd.txt?x-id=PutObject", "PutObject")]
    [InlineData("GET", "/bucket?list-type=2&prefix=raw", "ListObjectsV2")]
    [InlineData("GET", "/bucket/?notification", "GetBucketNotificationConfiguration")]
    [InlineData("PUT", "/bucket?policy", "PutBucketPolicy")]
    [InlineData("POST", "/bucket/key?uploads", "CreateMultipartUpload")]
    [InlineData("POST", "/bucket/key?uploadId=1", "CompleteMultipartUpload")]
    [InlineData("DELETE", "/bucket/key", "DeleteObject")]
    [InlineData("POST", "/bucket?delete", "DeleteObjects")]
    [InlineData("HEAD", "/bucket", "HeadBucket")]
    [InlineData("GET", "/bucket?prefix=&delimiter=", "ListObjects")]
    [InlineData("GET", "/bucket/key?versionId=1", "GetObject")]
    [InlineData("PUT", "/bucket/key?partNumber=1&uploadId=2", "UploadPart")]
    [InlineData("PUT", "/bucket/key?retention", "PutObjectRetention")]
    [InlineData("PUT", "/bucket/key?legal-hold=", "PutObjectLegalHold")]
    [InlineData("PUT", "/bucket/key?acl", "PutObjectAcl")]
    [InlineData("PUT", "/bucket/key?tagging", "PutObjectTagging")]
    [InlineData("DELETE", "/bucket/key?tagging", "DeleteObjectTagging")]
    [InlineData("GET", "/bucket/key?torrent", "GetObjectTorrent")]
    [InlineData("POST", "/bucket/key?restore", "RestoreObject")]
    [InlineData("POST", "/bucket/key?select&select-type=2", "SelectObjectContent")]
    [InlineData("DELETE", "/bucket?analytics&id=1", "DeleteBucketAnalyticsConfiguration")]
    [InlineData("PUT", "/bucket?inventory&id=1", "PutBucketInventoryConfiguration")]
    [InlineData("PUT", "/bucket/key?invented", "PUT ?invented")]
    [InlineData("DELETE", "/bucket?invented", "DELETE ?invented")]
    public void An_S3_operation_is_named_by_method_path_and_query(string method, string target, string expected) =>
        Find(method, target, new CredentialScope("a", "us-east-1", "s3")).Operation.Should().Be(expected);

    [Theory]
    [InlineData("POST", "/2015-03-31/functions", "CreateFunction")]
    [InlineData("POST", "/2015-03-31/functions/bell/invocations", "Invoke")]
    [InlineData("DELETE", "/2015-03-31/functions/bell/policy/raw-bucket", "RemovePermission")]
    [InlineData("PUT", "/2019-09-25/functions/bell/event-invoke-config", "PutFunctionEventInvokeConfig")]
    [InlineData("GET", "/2017-03-31/tags/arn%3Aaws%3Alambda", "ListTags")]
    public void A_Lambda_operation_is_named_by_method_and_path(string method, string target, string expected) =>
        Find(method, target, new CredentialScope("a", "us-east-1", "lambda")).Operation.Should().Be(expected);

    [Fact]
    public void The_target_header_names_service_and_operation_whatever_signed_it()
    {
        var found = Find("POST", "/", null, http => http.Request.Headers["X-Amz-Target"] = "AmazonDMSv20160101.CreateEndpoint");
        found.Should().Be(("dms", WireProtocol.Json, "CreateEndpoint"));
    }

    [Theory]
    [InlineData("/bucket/a//b/../c", "bucket", "a//b/../c")]
    [InlineData("/bucket/a+b%2Bc", "bucket", "a+b+c")]
    [InlineData("/bucket", "bucket", "")]
    public void A_key_is_decoded_once_and_not_normalised(string target, string bucket, string key) =>
        S3Operations.Address(target).Should().Be((bucket, key));

    [Fact]
    public void An_access_key_of_twelve_digits_is_the_account()
    {
        new CredentialScope("111122223333", "eu-west-1", "s3").ToScope().Should().Be(new AwsScope("111122223333", "eu-west-1"));
        new CredentialScope("test", "eu-west-1", "s3").ToScope().AccountId.Should().Be(AwsScope.DefaultAccountId);
    }

    private static (string Service, WireProtocol Protocol, string Operation) Find(
        string method, string target, CredentialScope? credential, Action<HttpContext>? prepare = null)
    {
        var http = new DefaultHttpContext();
        http.Request.Method = method;
        http.Request.Path = Uri.UnescapeDataString(target.Split('?')[0]);
        http.Request.QueryString = new QueryString(
            target.Contains('?', StringComparison.Ordinal) ? target[target.IndexOf('?', StringComparison.Ordinal)..] : "");
        http.Features.GetRequiredFeature<IHttpRequestFeature>().RawTarget = target;
        prepare?.Invoke(http);
        return OperationNames.Find(http.Request, credential, []);
    }
}
