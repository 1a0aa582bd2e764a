using System.Text.Json;
using System.Text.Json.Nodes;

namespace LocalAws.Services.Events.Patterns;

/// <summary>A text, number, truth value or null that the field must have; numbers are compared by value.</summary>
/// <param name="Wanted">The value; null is JSON's null.</param>
internal sealed record LiteralTest(JsonNode? Wanted) : IValueTest
{
    /// <inheritdoc/>
    public bool Matches(JsonNode? value) => (Wanted, value) switch
    {
        (null, null) => true,
        (null, _) or (_, null) => false,
        _ when PatternValues.Number(Wanted) is { } wanted => PatternValues.Number(value) == wanted,
        _ when PatternValues.Text(Wanted) is { } wanted => PatternValues.Text(value) == wanted,
        _ => value.GetValueKind() == Wanted.GetValueKind() && Wanted.GetValueKind() is JsonValueKind.True or JsonValueKind.False,
    };
}
