using System.Text.Json;

namespace Doorbell;

/// <summary>Reads events that EventBridge delivers: S3's, Glue's state changes, and schedules.</summary>
internal static class EventBridgeEvents
{
    /// <summary>Whether the event is of EventBridge's shape.</summary>
    public static bool Matches(JsonElement @event) =>
        @event.Member("detail-type") is { ValueKind: JsonValueKind.String }
        && @event.Member("source") is { ValueKind: JsonValueKind.String };

    /// <exception cref="UnknownEventException">The event is of a source or type that this function is not rung by.</exception>
    public static Ring Read(JsonElement @event) => (@event.Text("source"), @event.Text("detail-type")) switch
    {
        ("aws.s3", "Object Created") => ObjectOf(@event),
        ("aws.s3", var type) => new Ring(RingSource.Nothing) { Description = $"S3's event {type} creates no object." },
        ("aws.glue", "Glue Job State Change") => RunOf(@event),
        ("aws.events" or "aws.scheduler", "Scheduled Event") => new Ring(RingSource.Schedule),
        var (source, type) => throw UnknownEventException.Of(
            $"EventBridge's event {type} of {source} is not one that this function is rung by.", @event),
    };

    private static Ring ObjectOf(JsonElement @event)
    {
        var detail = @event.Member("detail");
        // Unlike in a notification, the key is not encoded.
        var (bucket, key) = (detail.Member("bucket").Text("name"), detail.Member("object").Text("key"));
        return bucket.Length > 0 && key.Length > 0
            ? new Ring(RingSource.ObjectCreated) { Objects = [new ObjectCreated(bucket, key, @event.Time("time"))] }
            : throw UnknownEventException.Of(
                "The event names no object: detail.bucket.name and detail.object.key are needed, as text.", @event);
    }

    private static Ring RunOf(JsonElement @event)
    {
        var detail = @event.Member("detail");
        var run = new EndedRun(detail.Text("jobName"), detail.Text("jobRunId"), detail.Text("state"));
        return run is { JobName.Length: > 0, Id.Length: > 0, State.Length: > 0 }
            ? new Ring(RingSource.RunEnded) { Run = run }
            : throw UnknownEventException.Of(
                "The state change names no run: detail.jobName, detail.jobRunId and detail.state are needed, as text.", @event);
    }
}
