using System.Text.Json.Nodes;

namespace LocalAws.Services.Events.Patterns;

/// <summary>Every field must match, and of each <c>$or</c> one alternative.</summary>
/// <param name="Objects">Fields whose value is an object.</param>
/// <param name="Values">Fields whose value is matched.</param>
/// <param name="Alternatives">The alternatives of <c>$or</c>; empty without one.</param>
internal sealed record FieldsPattern(
    IReadOnlyDictionary<string, IPatternNode> Objects,
    IReadOnlyDictionary<string, IReadOnlyList<IValueTest>> Values,
    IReadOnlyList<IPatternNode> Alternatives) : IPatternNode
{
    /// <inheritdoc/>
    public bool Matches(JsonObject? part) =>
        Objects.All(field => MatchesObject(field.Value, part, field.Key))
        && Values.All(field => MatchesValue(field.Value, part, field.Key))
        && (Alternatives.Count == 0 || Alternatives.Any(alternative => alternative.Matches(part)));

    /// <summary>Of an array of objects one must match as a whole: fields of two elements are not taken together.</summary>
    private static bool MatchesObject(IPatternNode pattern, JsonObject? part, string name) => part?[name] switch
    {
        JsonArray elements => elements.OfType<JsonObject>().Any(pattern.Matches),
        JsonObject child => pattern.Matches(child),
        // A pattern that only wants fields to be absent matches here as well.
        _ => pattern.Matches(null),
    };

    private static bool MatchesValue(IReadOnlyList<IValueTest> tests, JsonObject? part, string name)
    {
        JsonNode? value = null;
        var exists = part is not null && part.TryGetPropertyValue(name, out value) && value is not JsonObject;
        var values = !exists ? [] : value is JsonArray elements ? Leaves(elements) : [value];
        return tests.Any(test => test is ExistsTest wanted ? wanted.Wanted == exists : values.Any(test.Matches));
    }

    private static IReadOnlyList<JsonNode?> Leaves(JsonArray elements) =>
        [.. elements.SelectMany(element => element is JsonArray nested ? Leaves(nested) : [element])];
}
