using System.Xml.Linq;
using LocalAws.Moto;
using LocalAws.Routing;
using Microsoft.AspNetCore.WebUtilities;

namespace LocalAws.Services.S3;

/// <summary>
/// Writes and removals of objects: the bytes are moto's, the events are ours. An event follows only a write that succeeded, and the events
/// of a key have the order of its writes.
/// </summary>
internal sealed class ObjectWriteService : AwsService
{
    /// <summary>Bytes of a body that are kept in memory; a larger one is kept in a file.</summary>
    private const int MostInMemory = 4 * 1024 * 1024;

    private readonly KeyGates _keys = new();

    private readonly MotoForwarder _forwarder;
    private readonly MotoClient _moto;
    private readonly IObjectEvents _events;
    private readonly Sequencer _sequencer;
    private readonly TimeProvider _clock;
    private readonly GatewayOptions _options;

    public ObjectWriteService(
        MotoForwarder forwarder, MotoClient moto, IObjectEvents events, Sequencer sequencer, TimeProvider clock, GatewayOptions options)
        : base("s3")
    {
        (_forwarder, _moto, _events, _sequencer, _clock, _options) = (forwarder, moto, events, sequencer, clock, options);
        On("PutObject", HandleAsync);
        On("CopyObject", HandleAsync);
        On("CompleteMultipartUpload", HandleAsync);
        On("DeleteObject", HandleAsync);
        On("DeleteObjects", HandleAsync);
    }

    /// <summary>Where bodies lie until they are in moto.</summary>
    public static string UploadFolder(GatewayOptions options) => Directory.CreateDirectory(Path.Combine(options.Home, "uploads")).FullName;

    private async Task HandleAsync(AwsRequest request)
    {
        var (bucket, key) = S3Operations.Address(request.RawTarget);
        var announcedSize = SizeOf(request.Http.Request);
        if (request.Operation == "PutObject")
        {
            // The whole body first: a slow writer must not hold up the others of its key.
            await KeepBodyAsync(request.Http);
        }

        string[] keys = request.Operation == "DeleteObjects" ? [.. KeysOf(request.Body)] : [key];
        HttpResponseMessage answer;
        using (await _keys.EnterAsync(keys.Select(one => $"{bucket}/{one}"), request.Aborted))
        {
            // Without the client's token: what moto has stored is announced even when the client goes away in this moment.
            answer = await _forwarder.SendAsync(request, CancellationToken.None);
            await answer.Content.LoadIntoBufferAsync(CancellationToken.None);
            if (answer.IsSuccessStatusCode)
            {
                await PublishAsync(request, answer, bucket, key, announcedSize);
            }
        }

        using (answer)
        {
            await MotoForwarder.WriteAsync(request, answer);
        }
    }

    private async Task KeepBodyAsync(HttpContext http)
    {
        var body = new FileBufferingReadStream(http.Request.Body, MostInMemory, bufferLimit: null, () => UploadFolder(_options));
        http.Response.RegisterForDisposeAsync(body);
        await body.DrainAsync(http.RequestAborted);
        body.Position = 0;
        http.Request.Body = body;
    }

    private async Task PublishAsync(AwsRequest request, HttpResponseMessage answer, string bucket, string key, long? announcedSize)
    {
        switch (request.Operation)
        {
            case "PutObject":
                Publish(request, "ObjectCreated:Put", bucket, key, announcedSize, answer.Headers.ETag?.Tag.Trim('"'), VersionOf(answer));
                break;
            case "CopyObject" or "CompleteMultipartUpload":
                // moto answers a failed completion with 200 and an error document, as S3 may.
                var name = request.Operation == "CopyObject" ? "ObjectCreated:Copy" : "ObjectCreated:CompleteMultipartUpload";
                await PublishWrittenAsync(request, name, bucket, key);
                break;
            case "DeleteObject":
                Publish(request, "ObjectRemoved:Delete", bucket, key, null, null, VersionOf(answer));
                break;
            default:
                var document = XElement.Parse(await answer.Content.ReadAsStringAsync(CancellationToken.None));
                foreach (var deleted in document.Elements().Where(element => element.Name.LocalName == "Deleted"))
                {
                    Publish(
                        request, "ObjectRemoved:Delete", bucket, deleted.Elements().First(
                            element => element.Name.LocalName == "Key").Value, null, null, null);
                }

                break;
        }
    }

    private async Task PublishWrittenAsync(AwsRequest request, string name, string bucket, string key)
    {
        using var head = await _moto.S3Async(request.Scope, HttpMethod.Head, bucket, key, CancellationToken.None);
        if (head.IsSuccessStatusCode)
        {
            Publish(request, name, bucket, key, head.Content.Headers.ContentLength, head.Headers.ETag?.Tag.Trim('"'), VersionOf(head));
        }
    }

    private void Publish(AwsRequest request, string name, string bucket, string key, long? size, string? etag, string? version) =>
        _events.Publish(new ObjectEvent(request.Scope, name, bucket, key, size, etag, version, _sequencer.Next(), _clock.GetUtcNow()));

    /// <summary>The keys of a DeleteObjects request; a document that cannot be read is refused by _moto.</summary>
    private static List<string> KeysOf(byte[] body)
    {
        try
        {
            return
            [
                .. XElement.Parse(System.Text.Encoding.UTF8.GetString(body)).Elements()
                    .Where(element => element.Name.LocalName == "Object")
                    .SelectMany(item => item.Elements().Where(element => element.Name.LocalName == "Key"))
                    .Select(element => element.Value),
            ];
        }
        catch (System.Xml.XmlException)
        {
            return [];
        }
    }

    private static string? VersionOf(HttpResponseMessage answer) =>
        answer.Headers.TryGetValues("x-amz-version-id", out var values) && values.First() is not "null" and var version ? version : null;

    private static long? SizeOf(HttpRequest request) =>
        long.TryParse(request.Headers["x-amz-decoded-content-length"], out var decoded) ? decoded : request.ContentLength;
}
