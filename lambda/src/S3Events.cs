using System.Net;
using System.Text.Json;

namespace Doorbell;

/// <summary>Reads S3 event notifications: event version 2.x, keys form-encoded.</summary>
internal static class S3Events
{
    /// <exception cref="UnknownEventException">The event is not of a shape that this function is rung by; the message says what it
    /// holds.</exception>
    public static IReadOnlyList<ObjectCreated> Read(JsonElement @event)
    {
        if (Member(@event, "Records") is not { ValueKind: JsonValueKind.Array } records)
        {
            throw new UnknownEventException(
                $"The event is not an S3 notification: it has {Describe(@event)}, not Records. Only the raw bucket's notification "
                + "may invoke this function.");
        }

        return [.. records.EnumerateArray().Select(ReadRecord)];
    }

    private static ObjectCreated ReadRecord(JsonElement record)
    {
        if (record.ValueKind != JsonValueKind.Object)
        {
            throw new UnknownEventException($"A record is {Describe(record)}, not an object with eventSource, eventVersion and s3.");
        }

        var (source, version) = (Text(record, "eventSource"), Text(record, "eventVersion"));
        if (source != "aws:s3" || !version.StartsWith("2.", StringComparison.Ordinal))
        {
            throw new UnknownEventException($"The record's source is {source}, version {version}; aws:s3, version 2.x, is understood.");
        }

        var s3 = Member(record, "s3");
        var (bucket, key) = (Text(Member(s3, "bucket"), "name"), Text(Member(s3, "object"), "key"));
        if (bucket.Length == 0 || key.Length == 0)
        {
            throw new UnknownEventException(
                $"The record names no object: it has {Describe(record)}, and s3 has {Describe(s3)}; s3.bucket.name and "
                + "s3.object.key are needed, as text.");
        }

        // '+' is a blank and comes first, then the percent escapes: WebUtility does both in that order.
        return new ObjectCreated(bucket, WebUtility.UrlDecode(key));
    }

    private static JsonElement? Member(JsonElement? parent, string name) =>
        parent is { ValueKind: JsonValueKind.Object } found && found.TryGetProperty(name, out var value) ? value : null;

    private static string Text(JsonElement? parent, string name) =>
        Member(parent, name) is { ValueKind: JsonValueKind.String } value ? value.GetString()! : "";

    private static string Describe(JsonElement? element) => element switch
    {
        null => "nothing",
        { ValueKind: JsonValueKind.Object } found => string.Join(", ", found.EnumerateObject().Select(member => member.Name)),
        { } found => found.ValueKind.ToString(),
    };
}
