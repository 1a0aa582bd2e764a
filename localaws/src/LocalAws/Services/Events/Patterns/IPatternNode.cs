using System.Text.Json.Nodes;

namespace LocalAws.Services.Events.Patterns;

/// <summary>A part of a pattern that stands for one object of the event.</summary>
internal interface IPatternNode
{
    /// <summary>Whether an object of the event is as the pattern wants it; null stands for one that is not there.</summary>
    bool Matches(JsonObject? part);
}
