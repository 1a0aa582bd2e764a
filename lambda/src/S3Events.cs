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
            throw new UnknownEventException($"The event is not an S3 notification: it has {Describe(@event)}, not Records. Only the raw bucket's notification may invoke this function.");
        }

        return [.. records.EnumerateArray().Select(Read1)];
    }

    private static ObjectCreated Read1(JsonElement record)
    {
        var version = Text(record, "eventVersion");
        if (Text(record, "eventSource") != "aws:s3" || !version.StartsWith("2.", StringComparison.Ordinal))
        {
            throw new UnknownEventException($"The record's source is {Text(record, "eventSource")}, version {version}; aws:s3, version 2.x, is understood.");
        }

        var s3 = record.GetProperty("s3");
        return new ObjectCreated(
            Text(s3.GetProperty("bucket"), "name"),
            // '+' is a blank and comes first, then the percent escapes: WebUtility does both in that order.
            WebUtility.UrlDecode(Text(s3.GetProperty("object"), "key")),
            record.TryGetProperty("eventTime", out var time) ? time.GetDateTimeOffset() : DateTimeOffset.MinValue);
    }

    private static string Text(JsonElement parent, string name) => parent.TryGetProperty(name, out var value) ? value.GetString() ?? "" : "";

    private static string Describe(JsonElement @event) =>
        @event.ValueKind == JsonValueKind.Object ? string.Join(", ", @event.EnumerateObject().Select(member => member.Name)) : @event.ValueKind.ToString();
}
