using System.Text.Json.Nodes;

namespace LocalAws.Services.Events.Patterns;

/// <summary><c>{"anything-but": …}</c>: the field is there, and none of the tests passes.</summary>
/// <param name="Tests">What must not pass.</param>
internal sealed record AnythingButTest(IReadOnlyList<IValueTest> Tests) : IValueTest
{
    /// <inheritdoc/>
    public bool Matches(JsonNode? value) => !Tests.Any(test => test.Matches(value));
}
