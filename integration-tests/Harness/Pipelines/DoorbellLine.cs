using System.Text.Json;
using System.Text.Json.Nodes;

namespace Cdc.Harness.Pipelines;

/// <summary>A line of the doorbell's log that tells what was done about an event.</summary>
internal sealed record DoorbellLine(JsonObject Document)
{
    /// <summary>What was done, and which run will see the objects.</summary>
    public string Summary => $"{Text("decision")}, run {Text("runId")}";

    /// <summary>Reads a line of the function's log; null when it is another one.</summary>
    public static DoorbellLine? Find(string message)
    {
        try
        {
            return message.StartsWith('{') && JsonNode.Parse(message) is JsonObject document && document.ContainsKey("decision")
                ? new DoorbellLine(document)
                : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    /// <summary>Whether the line is of an object; where the log names no keys, the first line after the object is taken for it.</summary>
    public bool MayBeOf(string key, DateTimeOffset logged, DateTimeOffset written) =>
        Document["keys"] is JsonArray keys
            ? keys.Any(item => item!.GetValue<string>() == key)
            : logged >= written && (Document["keyCount"]?.GetValue<int>() ?? 0) > 0;

    private string Text(string name) => Document[name]?.GetValue<string>() ?? "none";
}
