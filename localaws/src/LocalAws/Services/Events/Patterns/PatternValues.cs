using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace LocalAws.Services.Events.Patterns;

/// <summary>Values of events and patterns, by kind.</summary>
internal static class PatternValues
{
    /// <summary>A text; null when the value is none.</summary>
    public static string? Text(JsonNode? value) => value?.GetValueKind() == JsonValueKind.String ? value.GetValue<string>() : null;

    /// <summary>A number; null when the value is none.</summary>
    public static decimal? Number(JsonNode? value) =>
        value?.GetValueKind() == JsonValueKind.Number
        && decimal.TryParse(value.ToJsonString(), NumberStyles.Float, CultureInfo.InvariantCulture, out var number)
            ? number
            : null;
}
