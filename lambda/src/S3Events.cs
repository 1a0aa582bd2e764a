using System.Net;
using System.Text.Json;

namespace Doorbell;

/// <summary>Reads S3 event notifications: event version 2.x, keys form-encoded.</summary>
internal static class S3Events
{
    /// <exception cref="UnknownEventException">The event is not of a shape that this function is rung by; the message says what it holds.</exception>
    public static IReadOnlyList<ObjectCreated> Read(JsonElement @event)
    {
        if (@event.ValueKind != JsonValueKind.Object || !@event.TryGetProperty("Records", out var records) || records.ValueKind != JsonValueKind.Array)
        {
            throw new UnknownEventException(
                $"The event is not an S3 notification: it has {Describe(@event)}, not Records. Only the raw bucket's notification may invoke this function.");
        }

        return [.. records.EnumerateArray().Select(ReadRecord)];
    }

    private static ObjectCreated ReadRecord(JsonElement record)
    {
        var version = Text(record, "eventVersion");
        if (Text(record, "eventSource") != "aws:s3" || !version.StartsWith("2.", StringComparison.Ordinal))
        {
            throw new UnknownEventException($"The record's source is {Text(record, "eventSource")}, version {version}; aws:s3, version 2.x, is understood.");
        }

        var (bucket, key) = record.TryGetProperty("s3", out var s3) && s3.TryGetProperty("bucket", out var named) && s3.TryGetProperty("object", out var stored)
            ? (Text(named, "name"), Text(stored, "key"))
            : ("", "");
        if (bucket.Length == 0 || key.Length == 0)
        {
            throw new UnknownEventException($"The record names no object: it has {Describe(record)}; s3.bucket.name and s3.object.key are needed.");
        }

        // '+' is a blank and comes first, then the percent escapes: WebUtility does both in that order.
        return new ObjectCreated(bucket, WebUtility.UrlDecode(key));
    }

    private static string Text(JsonElement parent, string name) => parent.TryGetProperty(name, out var value) ? value.GetString() ?? "" : "";

    private static string Describe(JsonElement @event) =>
        @event.ValueKind == JsonValueKind.Object ? string.Join(", ", @event.EnumerateObject().Select(member => member.Name)) : @event.ValueKind.ToString();
}
