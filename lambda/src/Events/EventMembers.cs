using System.Globalization;
using System.Text.Json;

namespace Doorbell;

/// <summary>Reads members of an event; one that is missing or of another kind is null or empty.</summary>
internal static class EventMembers
{
    /// <summary>The member of an object; null when there is none, or the parent is no object.</summary>
    public static JsonElement? Member(this JsonElement? parent, string name) =>
        parent is { ValueKind: JsonValueKind.Object } found && found.TryGetProperty(name, out var value) ? value : null;

    /// <inheritdoc cref="Member(JsonElement?, string)"/>
    public static JsonElement? Member(this JsonElement parent, string name) => ((JsonElement?)parent).Member(name);

    /// <summary>A member's text; empty when there is none.</summary>
    public static string Text(this JsonElement? parent, string name) =>
        parent.Member(name) is { ValueKind: JsonValueKind.String } value ? value.GetString()! : "";

    /// <inheritdoc cref="Text(JsonElement?, string)"/>
    public static string Text(this JsonElement parent, string name) => ((JsonElement?)parent).Text(name);

    /// <summary>A member's time in ISO 8601; null when there is none.</summary>
    public static DateTimeOffset? Time(this JsonElement parent, string name) =>
        DateTimeOffset.TryParse(parent.Text(name), CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time)
            ? time
            : null;
}
