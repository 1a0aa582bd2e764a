using System.Text.Json;
using System.Text.Json.Nodes;

namespace Cdc.Harness.Terraform;

/// <summary>The outputs of a root module, as <c>terraform output -json</c> prints them.</summary>
public sealed class TerraformOutputs(JsonObject json, string root)
{
    private static readonly JsonSerializerOptions Format =
        new() { PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower, RespectNullableAnnotations = true };

    /// <summary>Whether there is none: nothing was applied, or everything was destroyed.</summary>
    public bool IsEmpty => json.Count == 0;

    /// <summary>Whether the root has an output of this name; a user's own root need not.</summary>
    public bool Has(string name) => json.ContainsKey(name);

    /// <summary>An output, its members in snake case.</summary>
    /// <exception cref="JsonException">It is not there, or has another shape.</exception>
    public T Read<T>(string name) =>
        json[name]?["value"] is { } value
            ? value.Deserialize<T>(Format) ?? throw new JsonException($"The output {name} of {root} is null.")
            : throw new JsonException(
                $"{root} has no output \"{name}\"; it has {(IsEmpty ? "none" : string.Join(", ", json.Select(output => output.Key)))}.");
}
