using System.Net;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace LocalAws.Services.Events.Patterns;

/// <summary>Reads the document of a pattern.</summary>
internal static class PatternReader
{
    /// <summary>Reads an object of the pattern.</summary>
    /// <param name="members">The object.</param>
    /// <param name="path">The names that lead to it, for errors.</param>
    /// <exception cref="EventPatternException">It is no pattern.</exception>
    public static FieldsPattern Read(JsonObject members, string path)
    {
        var objects = new Dictionary<string, IPatternNode>(StringComparer.Ordinal);
        var values = new Dictionary<string, IReadOnlyList<IValueTest>>(StringComparer.Ordinal);
        IReadOnlyList<IPatternNode> alternatives = [];
        foreach (var (name, value) in members)
        {
            var field = path.Length == 0 ? name : $"{path}.{name}";
            switch (value)
            {
                case JsonArray { Count: > 1 } list when name == "$or" && list.All(item => item is JsonObject { Count: > 0 }):
                    alternatives = [.. list.Select(item => Read((JsonObject)item!, path))];
                    break;
                case JsonArray { Count: > 0 } list:
                    values[name] = [.. list.Select(item => ReadTest(item, field))];
                    break;
                case JsonArray:
                    throw new EventPatternException($"Empty arrays are not allowed at {field}.");
                case JsonObject { Count: > 0 } child:
                    objects[name] = Read(child, field);
                    break;
                case JsonObject:
                    throw new EventPatternException($"Empty objects are not allowed at {field}.");
                default:
                    throw new EventPatternException($"\"{field}\" must be an object or an array.");
            }
        }

        return new FieldsPattern(objects, values, alternatives);
    }

    private static IValueTest ReadTest(JsonNode? item, string field)
    {
        switch (item)
        {
            case JsonArray:
                throw new EventPatternException($"An array within the array at {field} is not allowed.");
            case JsonObject { Count: 1 } operation:
                var (name, operand) = operation.First();
                return ReadOperation(name, operand, field);
            case JsonObject:
                throw new EventPatternException($"Only one key allowed in match expression at {field}.");
            default:
                return new LiteralTest(item);
        }
    }

    private static IValueTest ReadOperation(string name, JsonNode? operand, string field) => name switch
    {
        "exists" when operand?.GetValueKind() is JsonValueKind.True or JsonValueKind.False => new ExistsTest(operand.GetValue<bool>()),
        "numeric" when operand is JsonArray comparisons => new NumericTest(ReadNumeric(comparisons, field)),
        "anything-but" => new AnythingButTest(ReadAnythingBut(operand, field)),
        "cidr" when PatternValues.Text(operand) is { } range => new TextTest(ReadRange(range, field)),
        _ => new TextTest(ReadText(name, operand, field)),
    };

    private static Func<string, bool> ReadText(string name, JsonNode? operand, string field)
    {
        var ignoresCase = operand is JsonObject { Count: 1 } wrapped && wrapped.ContainsKey("equals-ignore-case");
        var text = PatternValues.Text(ignoresCase ? operand!["equals-ignore-case"] : operand);
        var comparison = ignoresCase ? StringComparison.OrdinalIgnoreCase : StringComparison.Ordinal;
        return (name, text, ignoresCase) switch
        {
            ("prefix", { } prefix, _) => value => value.StartsWith(prefix, comparison),
            ("suffix", { } suffix, _) => value => value.EndsWith(suffix, comparison),
            ("equals-ignore-case", { } other, false) => value => value.Equals(other, StringComparison.OrdinalIgnoreCase),
            ("wildcard", { } wildcard, false) => WildcardText.Test(wildcard, field),
            ("prefix" or "suffix" or "equals-ignore-case" or "wildcard", _, _) =>
                throw new EventPatternException($"The operand of {name} at {field} must be a text."),
            ("exists" or "numeric" or "cidr", _, _) =>
                throw new EventPatternException($"The operand of {name} at {field} is of a wrong kind."),
            _ => throw new EventPatternException($"Unrecognized match type {name} at {field}."),
        };
    }

    private static IReadOnlyList<IValueTest> ReadAnythingBut(JsonNode? operand, string field)
    {
        if (operand is JsonObject { Count: 1 } operation)
        {
            var (name, value) = operation.First();
            return name is "prefix" or "suffix" or "equals-ignore-case" or "wildcard"
                ? [.. Each(value).Select(item => new TextTest(ReadText(name, item, field)))]
                : throw new EventPatternException($"anything-but cannot be combined with {name} at {field}.");
        }

        var values = Each(operand);
        return values.Count > 0 && values.All(value => PatternValues.Text(value) is not null || PatternValues.Number(value) is not null)
            ? [.. values.Select(value => new LiteralTest(value))]
            : throw new EventPatternException($"The operand of anything-but at {field} must be texts or numbers.");
    }

    private static IReadOnlyList<JsonNode?> Each(JsonNode? operand) => operand is JsonArray list ? [.. list] : [operand];

    private static Func<decimal, bool> ReadNumeric(JsonArray comparisons, string field)
    {
        if (comparisons.Count is not (2 or 4))
        {
            throw new EventPatternException($"numeric at {field} takes one comparison or the two ends of a range.");
        }

        var tests = comparisons.Chunk(2)
            .Select(pair => Compare(PatternValues.Text(pair[0]), PatternValues.Number(pair[1]), field))
            .ToList();
        return value => tests.All(test => test(value));
    }

    private static Func<decimal, bool> Compare(string? sign, decimal? bound, string field) => (sign, bound) switch
    {
        ("=", { } number) => value => value == number,
        ("<", { } number) => value => value < number,
        ("<=", { } number) => value => value <= number,
        (">", { } number) => value => value > number,
        (">=", { } number) => value => value >= number,
        _ => throw new EventPatternException($"numeric at {field} takes =, <, <=, > or >= and a number."),
    };

    private static Func<string, bool> ReadRange(string range, string field) => IPNetwork.TryParse(range, out var network)
        ? value => IPAddress.TryParse(value, out var address) && network.Contains(address)
        : throw new EventPatternException($"The operand of cidr at {field} must be a range such as 10.0.0.0/24.");
}
