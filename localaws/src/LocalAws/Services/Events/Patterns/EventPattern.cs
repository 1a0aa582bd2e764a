using System.Text.Json;
using System.Text.Json.Nodes;

namespace LocalAws.Services.Events.Patterns;

/// <summary>
/// An event pattern of EventBridge: which events a rule, or a filter of an event source, takes.
/// The language is AWS's: https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-create-pattern-operators.html.
/// </summary>
internal sealed class EventPattern
{
    private readonly IPatternNode _root;

    private EventPattern(IPatternNode root) => _root = root;

    /// <summary>Reads a pattern.</summary>
    /// <exception cref="EventPatternException">It is no pattern; the message says what is wrong, and where.</exception>
    public static EventPattern Parse(string json)
    {
        JsonNode? document;
        try
        {
            document = JsonNode.Parse(json);
        }
        catch (JsonException wrong)
        {
            throw new EventPatternException($"It is not JSON: {wrong.Message}");
        }

        return document is JsonObject { Count: > 0 } members
            ? new EventPattern(PatternReader.Read(members, ""))
            : throw new EventPatternException("It must be an object with at least one field.");
    }

    /// <summary>Whether an event is of this pattern.</summary>
    public bool Matches(JsonObject @event) => _root.Matches(@event);
}
