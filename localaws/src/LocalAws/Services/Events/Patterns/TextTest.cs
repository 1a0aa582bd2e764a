using System.Text.Json.Nodes;

namespace LocalAws.Services.Events.Patterns;

/// <summary>A test of text: prefix, suffix, wildcard, equality without regard to case, an address within a range.</summary>
/// <param name="Passes">Whether a text passes.</param>
internal sealed record TextTest(Func<string, bool> Passes) : IValueTest
{
    /// <inheritdoc/>
    public bool Matches(JsonNode? value) => PatternValues.Text(value) is { } text && Passes(text);
}
