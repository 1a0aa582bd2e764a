using System.Text.Json;

namespace Doorbell;

/// <summary>Reads every shape of event that reaches the function, but for batches of a queue (<see cref="SqsBatch"/>).</summary>
internal static class EventReader
{
    /// <summary>A failed ring that failed again is an envelope within an envelope; more than this is no ring of ours.</summary>
    private const int MostEnvelopes = 8;

    /// <exception cref="UnknownEventException">The event is not of a shape that this function is rung by; the message shows its
    /// outline.</exception>
    public static Ring Read(JsonElement @event) => Read(@event, 0);

    private static Ring Read(JsonElement @event, int depth)
    {
        if (@event.ValueKind != JsonValueKind.Object)
        {
            throw UnknownEventException.Of("The event is not an object.", @event);
        }

        if (@event.EnumerateObject().MoveNext() is false)
        {
            return new Ring(RingSource.Manual);
        }

        if (S3Events.IsTest(@event))
        {
            return new Ring(RingSource.Nothing) { Description = "S3's test event." };
        }

        if (EventBridgeEvents.Matches(@event))
        {
            return EventBridgeEvents.Read(@event);
        }

        if (depth < MostEnvelopes && FailedPayload(@event) is { } payload)
        {
            return Again(ReadFailed(payload, depth + 1));
        }

        if (depth < MostEnvelopes && @event.Text("Type") == "Notification" && @event.Text("TopicArn").Length > 0)
        {
            return ReadText(@event.Text("Message"), depth + 1);
        }

        if (@event.Member("Records") is { ValueKind: JsonValueKind.Array } records && records.GetArrayLength() > 0)
        {
            return depth < MostEnvelopes && records[0].Member("Sns") is { } notification && records.GetArrayLength() == 1
                // SNS delivers one message an invocation.
                ? ReadText(notification.Text("Message"), depth + 1)
                : S3Events.Read(records);
        }

        throw UnknownEventException.Of(
            "The event is none of those that this function is rung by: S3's notification or EventBridge event, a queue's batch, "
            + "an on-failure record, Glue's state change, a schedule, or {}.",
            @event);
    }

    /// <summary>Reads an event that a message carries as text.</summary>
    /// <exception cref="UnknownEventException">The text is no JSON, or no event of ours.</exception>
    public static Ring ReadText(string text, int depth = 0)
    {
        try
        {
            using var document = JsonDocument.Parse(text);
            return Read(document.RootElement, depth);
        }
        catch (JsonException)
        {
            throw new UnknownEventException($"The message is not JSON: it has {text.Length} characters.");
        }
    }

    /// <summary>An earlier ring that failed: it looks at the runs again, whatever it was.</summary>
    public static Ring Again(Ring ring) => ring.Source is RingSource.ObjectCreated or RingSource.Manual or RingSource.Schedule
        ? ring with { Source = RingSource.Redriven }
        : ring;

    /// <summary>The event within the record that Lambda sends to an on-failure destination.</summary>
    private static JsonElement? FailedPayload(JsonElement @event) =>
        @event.Member("requestContext").Text("condition").Length > 0 ? @event.Member("requestPayload") : null;

    /// <summary>A queue's batch within the record rings as well: its messages are lost to the queue.</summary>
    private static Ring ReadFailed(JsonElement payload, int depth) =>
        SqsBatch.Find(payload) is { } batch
            ? batch.Messages.Select(message => message.Ring).FirstOrDefault(ring => ring is not null and not { Source: RingSource.Nothing })
                ?? throw UnknownEventException.Of("The failed batch has no message that rings.", payload)
            : Read(payload, depth);
}
