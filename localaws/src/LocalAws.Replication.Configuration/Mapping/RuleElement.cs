using System.Globalization;
using System.Text.Json;

namespace LocalAws.Replication.Mapping;

/// <summary>A rule's JSON, read with errors that name the rule.</summary>
internal sealed class RuleElement
{
    private readonly JsonElement _element;

    public RuleElement(JsonElement element)
    {
        if (element.ValueKind != JsonValueKind.Object)
        {
            throw new MappingRuleException("A rule must be an object.");
        }

        _element = element;
        Id = Text("rule-id") is { Length: > 0 } id
            ? id
            : throw new MappingRuleException("A rule has no rule-id.");
        if (!Id.All(char.IsAsciiDigit))
        {
            throw new MappingRuleException(Id, "The rule-id must be numeric.");
        }
    }

    public string Id { get; }

    public string? Text(string name) => Text(_element, name);

    public string Required(string name) =>
        Text(name) is { Length: > 0 } value ? value : throw new MappingRuleException(Id, $"'{name}' is missing.");

    public JsonElement? Object(string name) => Member(_element, name, JsonValueKind.Object);

    public JsonElement? Array(string name) => Member(_element, name, JsonValueKind.Array);

    public string? Locator(string name) => Object("object-locator") is { } locator
        ? Text(locator, name)
        : throw new MappingRuleException(Id, "'object-locator' is missing.");

    public string RequiredLocator(string name) =>
        Locator(name) is { Length: > 0 } value ? value : throw new MappingRuleException(Id, $"'object-locator.{name}' is missing.");

    public int Number(string name, int fallback) => Text(name) is not { } text
        ? fallback
        : int.TryParse(text, NumberStyles.Integer, CultureInfo.InvariantCulture, out var number)
            ? number
            : throw new MappingRuleException(Id, $"'{name}' must be a number.");

    public static string? Text(JsonElement element, string name) =>
        element.TryGetProperty(name, out var value) && value.ValueKind != JsonValueKind.Null ? value.ToString() : null;

    private JsonElement? Member(JsonElement element, string name, JsonValueKind kind)
    {
        if (!element.TryGetProperty(name, out var value) || value.ValueKind == JsonValueKind.Null)
        {
            return null;
        }

        return value.ValueKind == kind
            ? value
            : throw new MappingRuleException(Id, $"'{name}' must be an {kind.ToString().ToLowerInvariant()}.");
    }
}
