namespace LocalAws.Services.Events.Patterns;

/// <summary>A document that is no event pattern.</summary>
/// <param name="message">What is wrong, and at which field.</param>
internal sealed class EventPatternException(string message) : Exception("Event pattern is not valid. Reason: " + message);
