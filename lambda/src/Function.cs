using System.Text.Json;
using System.Text.Json.Nodes;
using Amazon.Lambda.Core;

namespace Doorbell;

/// <summary>Handles invocations: reads what came, rings once for all of it, and logs what was done.</summary>
/// <param name="bell">The doorbell.</param>
/// <param name="log">The function's log.</param>
internal sealed class Function(Bell bell, DoorbellLog log)
{
    /// <summary>Handles one event.</summary>
    /// <returns>
    /// For a queue's batch the messages that were not understood, as <c>batchItemFailures</c>; else what was done: <c>action</c>,
    /// <c>reason</c>, and <c>runId</c>, the run that will see the objects.
    /// </returns>
    /// <exception cref="UnknownEventException">The event is not understood.</exception>
    /// <exception cref="Amazon.Runtime.AmazonServiceException">Glue refused; Lambda tries the event again.</exception>
    public async Task<JsonObject> HandleAsync(Stream payload, ILambdaContext context, CancellationToken cancellationToken)
    {
        IReadOnlyList<Ring> rings = [];
        try
        {
            using var @event = await ParseAsync(payload, cancellationToken);
            if (SqsBatch.Find(@event.RootElement) is { } batch)
            {
                rings = [.. batch.Messages.Select(message => message.Ring).OfType<Ring>()];
                return await HandleAsync(batch, rings, context, cancellationToken);
            }

            var ring = EventReader.Read(@event.RootElement);
            rings = [ring];
            var decision = await bell.RingAsync(ring, cancellationToken);
            log.Decided(context.AwsRequestId, rings, decision);
            return new JsonObject
            {
                ["action"] = decision.Action.ToString(),
                ["reason"] = decision.Reason,
                ["runId"] = decision.RunId,
            };
        }
        catch (Exception failure)
        {
            log.Failed(context.AwsRequestId, rings, failure);
            throw;
        }
    }

    private async Task<JsonObject> HandleAsync(
        SqsBatch batch, IReadOnlyList<Ring> rings, ILambdaContext context, CancellationToken cancellationToken)
    {
        // One ring is enough for all; the one that knows most doubts decides how carefully is looked.
        if (rings.OrderByDescending(Doubt).FirstOrDefault() is { } strongest)
        {
            var ring = strongest.Source == RingSource.ObjectCreated
                ? strongest with { Objects = [.. rings.SelectMany(item => item.Objects)] }
                : strongest;
            log.Decided(context.AwsRequestId, rings, await bell.RingAsync(ring, cancellationToken));
        }

        var failures = new JsonArray();
        foreach (var message in batch.Messages.Where(message => message.Problem is not null))
        {
            log.NotUnderstood(context.AwsRequestId, message.Id, message.Problem!);
            failures.Add((JsonNode)new JsonObject { ["itemIdentifier"] = message.Id });
        }

        return new JsonObject { ["batchItemFailures"] = failures };
    }

    /// <summary>A run's end may be left to the schedule, so anything that rings without a condition goes before it.</summary>
    private static int Doubt(Ring ring) => ring.Source switch
    {
        RingSource.Redriven or RingSource.Schedule or RingSource.Manual => 3,
        RingSource.ObjectCreated => 2,
        RingSource.RunEnded => 1,
        _ => 0,
    };

    private static async Task<JsonDocument> ParseAsync(Stream payload, CancellationToken cancellationToken)
    {
        try
        {
            return await JsonDocument.ParseAsync(payload, cancellationToken: cancellationToken);
        }
        catch (JsonException wrong)
        {
            throw new UnknownEventException($"The event is not JSON: line {wrong.LineNumber}, byte {wrong.BytePositionInLine} is wrong.");
        }
    }
}
