using System.Text.Json.Nodes;

namespace Cdc.Harness.Terraform;

/// <summary>What an apply would do.</summary>
/// <param name="Json">The plan as <c>terraform show -json</c> prints it.</param>
public sealed record Plan(JsonObject Json)
{
    /// <summary>Address → actions (create, update, delete, read) of every resource that would change.</summary>
    public IReadOnlyDictionary<string, string> Changes { get; } =
        (Json["resource_changes"] as JsonArray ?? []).Concat(
            Json["output_changes"] is JsonObject outputs
                ? outputs.Select(output => new JsonObject { ["address"] = $"output.{output.Key}", ["change"] = output.Value!.DeepClone() })
                : [])
            .Select(change => (
                Address: change!["address"]!.GetValue<string>(),
                Actions: string.Join('+', change["change"]!["actions"]!.AsArray().Select(action => action!.GetValue<string>()))))
            .Where(change => change.Actions != "no-op")
            .ToDictionary(change => change.Address, change => change.Actions, StringComparer.Ordinal);

    /// <summary>Whether an apply would change nothing, outputs included.</summary>
    public bool IsEmpty => Changes.Count == 0;

    /// <summary>Each address with its actions.</summary>
    public override string ToString() =>
        IsEmpty ? "nothing to do" : string.Join(", ", Changes.Select(change => $"{change.Key}: {change.Value}"));
}
