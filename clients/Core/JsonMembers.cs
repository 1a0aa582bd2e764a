using System.Text.Json.Nodes;

namespace Amazon.Thin;

/// <summary>Reads members of answers.</summary>
internal static class JsonMembers
{
    public static string? Text(this JsonObject parent, string name) => parent[name]?.GetValue<string>();

    /// <exception cref="FormatException">The service left out a member that it always sends.</exception>
    public static string Required(this JsonObject parent, string name) =>
        parent.Text(name) ?? throw new FormatException(
            $"The answer has no {name}; it has {string.Join(", ", parent.Select(member => member.Key))}.");

    public static long Number(this JsonObject parent, string name) => parent[name] is { } value ? (long)value.GetValue<double>() : 0;

    /// <summary>A time in seconds since 1970, as the JSON protocols send times.</summary>
    public static DateTimeOffset? Time(this JsonObject parent, string name) =>
        parent[name] is { } seconds ? DateTimeOffset.UnixEpoch.AddSeconds(seconds.GetValue<double>()) : null;

    public static IEnumerable<JsonObject> Items(this JsonObject parent, string name) =>
        (parent[name] as JsonArray ?? []).OfType<JsonObject>();

    /// <summary>An array of texts.</summary>
    public static JsonArray Texts(IEnumerable<string> values) => new([.. values.Select(value => (JsonNode)value)]);

    /// <summary>One filter of a Describe operation.</summary>
    public static JsonArray Filter(string name, params IEnumerable<string> values) =>
        new(new JsonObject { ["Name"] = name, ["Values"] = Texts(values) });
}
