using System.Globalization;
using System.Text.Json;

namespace LocalAws.Replication.Mapping;

/// <summary>Reads a <c>TableMappings</c> document rule by rule.</summary>
internal static class MappingReader
{
    public static TableMappings Read(string json)
    {
        using var document = ParseJson(json);
        if (document.RootElement.ValueKind != JsonValueKind.Object
            || !document.RootElement.TryGetProperty("rules", out var rules) || rules.ValueKind != JsonValueKind.Array)
        {
            throw new MappingRuleException("The document must be an object with an array 'rules'.");
        }

        var selections = new List<SelectionRule>();
        var transformations = new List<TransformationRule>();
        var ids = new HashSet<string>(StringComparer.Ordinal);
        var names = new HashSet<string>(StringComparer.Ordinal);
        foreach (var element in rules.EnumerateArray())
        {
            var rule = new RuleElement(element);
            if (!ids.Add(rule.Id))
            {
                throw new MappingRuleException(rule.Id, "The rule-id is not unique.");
            }

            if (rule.Text("rule-name") is { } name && !names.Add(name))
            {
                throw new MappingRuleException(rule.Id, $"The rule-name '{name}' is not unique.");
            }

            switch (rule.Required("rule-type"))
            {
                case "selection":
                    selections.Add(SelectionReader.Read(rule));
                    break;
                case "transformation":
                    transformations.Add(TransformationReader.Read(rule));
                    break;
                case var other:
                    throw new MappingRuleException(rule.Id, $"The rule-type '{other}' is not supported by this engine.");
            }
        }

        return selections.Exists(rule => rule.Action != "exclude")
            ? new TableMappings(selections, transformations)
            : throw new MappingRuleException("There must be at least one selection rule with the action include or explicit.");
    }

    private static JsonDocument ParseJson(string json)
    {
        try
        {
            return JsonDocument.Parse(json);
        }
        catch (JsonException error)
        {
            throw new MappingRuleException(string.Create(CultureInfo.InvariantCulture, $"The document is not JSON: {error.Message}"));
        }
    }
}
