using System.Text.Json.Nodes;
using LocalAws.Protocols;
using LocalAws.Services.Events.Patterns;

namespace LocalAws.Services.Sns;

/// <summary>A subscription of a topic.</summary>
/// <param name="Arn">Names it.</param>
/// <param name="Endpoint">The ARN of the queue or function.</param>
/// <param name="IsRaw">Whether a queue gets the message alone, without SNS's envelope.</param>
/// <param name="FilterPolicy">Which messages it takes; null for all.</param>
/// <param name="FiltersBody">Whether the filter looks at the message's text, not at its attributes.</param>
internal sealed record TopicSubscription(string Arn, string Endpoint, bool IsRaw, string? FilterPolicy, bool FiltersBody)
{
    /// <summary>Whether it takes the message.</summary>
    public bool Takes(TopicMessage message) =>
        FilterPolicy is null
        || EventPattern.Parse(FilterPolicy).Matches(
            FiltersBody
                ? JsonInput.Parse(System.Text.Encoding.UTF8.GetBytes(message.Text))
                : new JsonObject(message.Attributes.Select(item => KeyValuePair.Create(item.Key, Value(item.Value)))));

    private static JsonNode? Value(Messaging.MessageAttribute attribute) =>
        attribute.DataType is "Number" or "String.Array" ? JsonNode.Parse(attribute.Value) : JsonValue.Create(attribute.Value);
}
