using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using LocalAws.Protocols;
using LocalAws.Services.Events.Patterns;
using LocalAws.Services.Sqs;

namespace LocalAws.Services.Lambda.EventSources;

/// <summary>A batch of messages as the event of a function, and what its answer says of them.</summary>
internal static class QueueBatch
{
    /// <summary>The event.</summary>
    public static byte[] Event(EventSourceMapping mapping, IEnumerable<QueueMessage> messages) => Encoding.UTF8.GetBytes(JsonText.Of(
        new JsonObject { ["Records"] = new JsonArray([.. messages.Select(message => (JsonNode)Record(mapping, message))]) }));

    /// <summary>Whether the message is one that the mapping's filters take; the others are deleted, as on AWS.</summary>
    public static bool Takes(EventSourceMapping mapping, QueueMessage message)
    {
        var filters = mapping.Filters;
        if (filters.Count == 0)
        {
            return true;
        }

        var record = Record(mapping, message);
        try
        {
            // A body that is JSON is filtered by its members.
            record["body"] = JsonNode.Parse(message.Body);
        }
        catch (JsonException)
        {
            record["body"] = message.Body;
        }

        return filters.Any(filter => EventPattern.Parse(filter).Matches(record));
    }

    /// <summary>Ids of the messages that the function did not handle: of an answer that cannot be read, all.</summary>
    public static IReadOnlySet<string> Failures(EventSourceMapping mapping, InvokeResult result, IReadOnlyList<QueueMessage> messages)
    {
        var all = messages.Select(message => message.Id).ToHashSet(StringComparer.Ordinal);
        if (result.FunctionError is not null)
        {
            return all;
        }

        if (!mapping.ReportsFailures)
        {
            return new HashSet<string>();
        }

        try
        {
            return JsonNode.Parse(result.Payload) switch
            {
                null => new HashSet<string>(),
                JsonObject answer when answer["batchItemFailures"] is null => new HashSet<string>(),
                JsonObject answer when answer["batchItemFailures"] is JsonArray items => Named(items, all),
                _ => all,
            };
        }
        catch (JsonException)
        {
            return all;
        }
    }

    private static HashSet<string> Named(JsonArray items, HashSet<string> all)
    {
        var named = items.Select(item => (item as JsonObject)?.Text("itemIdentifier")).ToList();
        return named.TrueForAll(id => id is not null && all.Contains(id)) ? [.. named.OfType<string>()] : all;
    }

    private static JsonObject Record(EventSourceMapping mapping, QueueMessage message) => new()
    {
        ["messageId"] = message.Id,
        ["receiptHandle"] = message.ReceiptHandle,
        ["body"] = message.Body,
        ["attributes"] = message.Document["Attributes"]?.DeepClone() ?? new JsonObject(),
        ["messageAttributes"] = new JsonObject(message.Attributes.Select(item => KeyValuePair.Create(
            item.Key,
            (JsonNode?)new JsonObject
            {
                ["stringValue"] = item.Value?["StringValue"]?.DeepClone(),
                ["stringListValues"] = new JsonArray(),
                ["binaryListValues"] = new JsonArray(),
                ["dataType"] = item.Value?["DataType"]?.DeepClone(),
            }))),
        ["md5OfBody"] = message.Document["MD5OfBody"]?.DeepClone(),
        ["eventSource"] = "aws:sqs",
        ["eventSourceARN"] = mapping.QueueArn,
        ["awsRegion"] = mapping.Scope.Region,
    };
}
