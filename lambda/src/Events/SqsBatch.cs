using System.Text.Json;

namespace Doorbell;

/// <summary>
/// A batch that the event source of a queue delivers: each message on its own, so that a bad one does not bring the others back.
/// </summary>
/// <param name="Messages">In the batch's order.</param>
internal sealed record SqsBatch(IReadOnlyList<SqsMessage> Messages)
{
    /// <summary>Reads the batch; null when the event is none.</summary>
    /// <exception cref="UnknownEventException">A record has no message id, so its failure could not be reported.</exception>
    public static SqsBatch? Find(JsonElement @event) =>
        @event.Member("Records") is { ValueKind: JsonValueKind.Array } records
        && records.GetArrayLength() > 0
        && records[0].Text("eventSource") == "aws:sqs"
            ? new SqsBatch([.. records.EnumerateArray().Select(Read)])
            : null;

    private static SqsMessage Read(JsonElement record)
    {
        var id = record.Text("messageId");
        if (id.Length == 0)
        {
            throw UnknownEventException.Of("A record of the queue's batch has no messageId.", record);
        }

        try
        {
            var ring = EventReader.ReadText(record.Text("body"));
            return new SqsMessage(id, IsDeadLetter(record) ? EventReader.Again(ring) : ring, null);
        }
        catch (UnknownEventException problem)
        {
            return new SqsMessage(id, null, problem);
        }
    }

    /// <summary>A function's dead letter is the event itself; only these attributes tell that it failed before.</summary>
    private static bool IsDeadLetter(JsonElement record) =>
        record.Member("messageAttributes") is { } attributes
        && attributes.Member("RequestID") is not null
        && attributes.Member("ErrorCode") is not null;
}
