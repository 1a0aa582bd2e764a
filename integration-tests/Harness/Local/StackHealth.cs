using System.Text.Json.Nodes;

namespace Cdc.Harness.Local;

/// <summary>What a local AWS says of itself.</summary>
/// <param name="Status"><c>starting</c>, <c>ready</c>, or <c>failed</c> when it can do nothing any more.</param>
/// <param name="Reason">Why it failed; null otherwise.</param>
/// <param name="Processes">Names and ids of its processes.</param>
/// <param name="Problems">What has failed of its resources and why, a sentence each.</param>
public sealed record StackHealth(
    string Status, string? Reason, IReadOnlyList<(string Name, int Id)> Processes, IReadOnlyList<string> Problems)
{
    /// <summary>Whether it can be used.</summary>
    public bool IsReady => Status == "ready";

    /// <summary>The health as the gateway tells it; null for what another program says.</summary>
    internal static StackHealth? Read(JsonNode? json) =>
        json is JsonObject told && told["status"] is JsonValue status && status.TryGetValue<string>(out var word)
            ? new StackHealth(
                word,
                told["reason"]?.GetValue<string>(),
                [.. (told["processes"]?.AsArray() ?? []).Select(
                    process => (process!["name"]!.GetValue<string>(), process["id"]!.GetValue<int>()))],
                [.. (told["problems"]?.AsArray() ?? []).Select(problem => problem!.GetValue<string>())])
            : null;
}
