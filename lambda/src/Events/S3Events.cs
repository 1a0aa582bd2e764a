using System.Net;
using System.Text.Json;

namespace Doorbell;

/// <summary>Reads the records of S3 event notifications: event version 2.x, keys form-encoded.</summary>
internal static class S3Events
{
    /// <summary>Whether this is what S3 sends to a queue or a topic when a notification is configured.</summary>
    public static bool IsTest(JsonElement @event) => @event.Text("Event") == "s3:TestEvent" && @event.Text("Service") == "Amazon S3";

    /// <summary>A ring for the objects that the records say were created; records of removals ask for nothing.</summary>
    /// <exception cref="UnknownEventException">A record is not of a shape that this function is rung by.</exception>
    public static Ring Read(JsonElement records)
    {
        var created = new List<ObjectCreated>();
        foreach (var record in records.EnumerateArray())
        {
            var found = ReadRecord(record);
            var name = record.Text("eventName");
            // A record that does not say what happened rings: a needless ring costs little, a missing one a change.
            if (name.Length == 0 || name.StartsWith("ObjectCreated:", StringComparison.Ordinal))
            {
                created.Add(found);
            }
        }

        return created.Count > 0
            ? new Ring(RingSource.ObjectCreated) { Objects = created }
            : new Ring(RingSource.Nothing) { Description = "No object was created." };
    }

    private static ObjectCreated ReadRecord(JsonElement record)
    {
        var (source, version) = (record.Text("eventSource"), record.Text("eventVersion"));
        if (source != "aws:s3" || !version.StartsWith("2.", StringComparison.Ordinal))
        {
            throw UnknownEventException.Of(
                $"The record's source is {source}, version {version}; aws:s3, version 2.x, is understood.", record);
        }

        var s3 = record.Member("s3");
        var (bucket, key) = (s3.Member("bucket").Text("name"), s3.Member("object").Text("key"));
        return bucket.Length > 0 && key.Length > 0
            // '+' is a blank and comes first, then the percent escapes: WebUtility does both in that order.
            ? new ObjectCreated(bucket, WebUtility.UrlDecode(key), record.Time("eventTime"))
            : throw UnknownEventException.Of(
                "The record names no object: s3.bucket.name and s3.object.key are needed, as text.", record);
    }
}
