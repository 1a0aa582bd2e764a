using System.Text.Json.Nodes;

namespace LocalAws.Services.Events.Patterns;

/// <summary><c>{"exists": …}</c>: whether the field is there with a value, null included; it does not hold for objects.</summary>
/// <param name="Wanted">Whether it should be there.</param>
internal sealed record ExistsTest(bool Wanted) : IValueTest
{
    /// <inheritdoc/>
    public bool Matches(JsonNode? value) => Wanted;
}
