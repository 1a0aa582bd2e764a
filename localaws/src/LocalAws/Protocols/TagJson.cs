using System.Text.Json.Nodes;

namespace LocalAws.Protocols;

/// <summary>The two forms in which the JSON protocols write tags.</summary>
internal static class TagJson
{
    /// <summary>Reads <c>[{"Key": …, "Value": …}]</c>.</summary>
    public static IReadOnlyCollection<KeyValuePair<string, string>> TagList(this JsonObject input) =>
    [
        .. (input["Tags"] as JsonArray ?? []).OfType<JsonObject>()
            .Select(tag => KeyValuePair.Create(tag.Required("Key"), tag.Text("Value") ?? "")),
    ];

    /// <summary>Reads <c>{"name": "value"}</c>.</summary>
    public static IReadOnlyCollection<KeyValuePair<string, string>> TagMap(this JsonObject input, string member = "Tags") =>
        [.. (input[member] as JsonObject ?? []).Select(tag => KeyValuePair.Create(tag.Key, tag.Value?.ToString() ?? ""))];

    /// <summary>Writes <c>[{"Key": …, "Value": …}]</c>.</summary>
    public static JsonArray List(IReadOnlyDictionary<string, string> tags) =>
        new([.. tags.Select(tag => new JsonObject { ["Key"] = tag.Key, ["Value"] = tag.Value })]);

    /// <summary>Writes <c>{"name": "value"}</c>.</summary>
    public static JsonObject Map(IReadOnlyDictionary<string, string> tags) =>
        new(tags.Select(tag => KeyValuePair.Create(tag.Key, (JsonNode?)tag.Value)));
}
