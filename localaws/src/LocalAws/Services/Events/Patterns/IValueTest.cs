using System.Text.Json.Nodes;

namespace LocalAws.Services.Events.Patterns;

/// <summary>One alternative of a field's list.</summary>
internal interface IValueTest
{
    /// <summary>Whether a value of the event passes; null is JSON's null.</summary>
    bool Matches(JsonNode? value);
}
