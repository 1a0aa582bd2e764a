using System.Xml.Linq;
using LocalAws.Moto;
using LocalAws.Routing;

namespace LocalAws.Services.S3;

/// <summary>Writes and removals of objects: the bytes are moto's, the events are ours. An event follows only a write that succeeded.</summary>
internal sealed class ObjectWriteService(MotoForwarder forwarder, MotoClient moto, NotificationDispatcher notifications) : IAwsService
{
    public string SigningName => "s3";

    public bool Owns(string operation) => operation is "PutObject" or "CopyObject" or "CompleteMultipartUpload" or "DeleteObject" or "DeleteObjects";

    public async Task HandleAsync(AwsRequest request)
    {
        var (bucket, key) = S3Operations.Address(request.RawTarget);
        var announcedSize = SizeOf(request.Http.Request);
        // Without the client's token: what moto has stored is announced even when the client goes away in this moment.
        using var answer = await forwarder.SendAsync(request, CancellationToken.None);
        await answer.Content.LoadIntoBufferAsync(CancellationToken.None);
        if (answer.IsSuccessStatusCode)
        {
            await PublishAsync(request, answer, bucket, key, announcedSize);
        }

        await forwarder.WriteAsync(request, answer);
    }

    private async Task PublishAsync(AwsRequest request, HttpResponseMessage answer, string bucket, string key, long? announcedSize)
    {
        switch (request.Operation)
        {
            case "PutObject":
                notifications.Publish(
                    new ObjectEvent(request.Scope, "ObjectCreated:Put", bucket, key, announcedSize, answer.Headers.ETag?.Tag.Trim('"'), VersionOf(answer)));
                break;
            case "CopyObject" or "CompleteMultipartUpload":
                // moto answers a failed completion with 200 and an error document, as S3 may.
                var name = request.Operation == "CopyObject" ? "ObjectCreated:Copy" : "ObjectCreated:CompleteMultipartUpload";
                await PublishWrittenAsync(request, name, bucket, key);
                break;
            case "DeleteObject":
                notifications.Publish(new ObjectEvent(request.Scope, "ObjectRemoved:Delete", bucket, key, null, null, VersionOf(answer)));
                break;
            default:
                foreach (var deleted in XElement.Parse(await answer.Content.ReadAsStringAsync(CancellationToken.None)).Elements().Where(element => element.Name.LocalName == "Deleted"))
                {
                    var deletedKey = deleted.Elements().First(element => element.Name.LocalName == "Key").Value;
                    notifications.Publish(new ObjectEvent(request.Scope, "ObjectRemoved:Delete", bucket, deletedKey, null, null, null));
                }

                break;
        }
    }

    private async Task PublishWrittenAsync(AwsRequest request, string name, string bucket, string key)
    {
        using var head = await moto.S3Async(request.Scope, HttpMethod.Head, bucket, key, CancellationToken.None);
        if (head.IsSuccessStatusCode)
        {
            notifications.Publish(
                new ObjectEvent(request.Scope, name, bucket, key, head.Content.Headers.ContentLength, head.Headers.ETag?.Tag.Trim('"'), VersionOf(head)));
        }
    }

    private static string? VersionOf(HttpResponseMessage answer) =>
        answer.Headers.TryGetValues("x-amz-version-id", out var values) && values.First() is not "null" and var version ? version : null;

    private static long? SizeOf(HttpRequest request) =>
        long.TryParse(request.Headers["x-amz-decoded-content-length"], out var decoded) ? decoded : request.ContentLength;
}
