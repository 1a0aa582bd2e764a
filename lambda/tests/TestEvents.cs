using System.Text.Json;

namespace Doorbell.Tests;

/// <summary>
/// Events as AWS sends them: recorded there (localstack's snapshots of 2025-01-21 and 2025-11-24) or from AWS's own documentation.
/// </summary>
internal static class TestEvents
{
    public static string Text(string name) => File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "events", name + ".json"));

    public static JsonElement Element(string name) => Parse(Text(name));

    public static JsonElement Parse(string json)
    {
        using var document = JsonDocument.Parse(json);
        return document.RootElement.Clone();
    }
}
