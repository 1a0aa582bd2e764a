using System.Text.Json;

namespace Doorbell;

/// <summary>The function was invoked with something that it does not understand.</summary>
public sealed class UnknownEventException(string message) : Exception(message)
{
    /// <summary>An error that says what is wrong and shows the event's outline, without its values.</summary>
    internal static UnknownEventException Of(string problem, JsonElement? element) =>
        new($"{problem} The outline of what came: {EventOutline.Of(element)}");
}
