using System.Text.Json.Nodes;

namespace LocalAws.Services.Events.Patterns;

/// <summary><c>{"numeric": [">", 0, "&lt;=", 5]}</c>.</summary>
/// <param name="Passes">Whether a number passes.</param>
internal sealed record NumericTest(Func<decimal, bool> Passes) : IValueTest
{
    /// <inheritdoc/>
    public bool Matches(JsonNode? value) => PatternValues.Number(value) is { } number && Passes(number);
}
