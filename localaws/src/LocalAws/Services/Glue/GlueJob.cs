using System.Text.Json.Nodes;
using LocalAws.Routing;

namespace LocalAws.Services.Glue;

/// <summary>A job as CreateJob or UpdateJob defined it, and its runs, newest first.</summary>
internal sealed class GlueJob
{
    public required AwsScope Scope { get; init; }

    public required string Name { get; init; }

    /// <summary>The definition as the API shows it (members of the <c>Job</c> structure but for names and times).</summary>
    public required JsonObject Definition { get; set; }

    public required DateTimeOffset CreatedOn { get; init; }

    public required DateTimeOffset LastModifiedOn { get; set; }

    public string Arn => Scope.Arn("glue", $"job/{Name}");

    public LinkedList<GlueJobRun> Runs { get; } = new();

    public int MaxConcurrentRuns => Definition["ExecutionProperty"]?["MaxConcurrentRuns"]?.GetValue<int>() ?? 1;

    public bool Queues => Definition["JobRunQueuingEnabled"]?.GetValue<bool>() ?? false;

    public IReadOnlyDictionary<string, string> DefaultArguments => Arguments(Definition["DefaultArguments"]);

    public IReadOnlyDictionary<string, string> NonOverridableArguments => Arguments(Definition["NonOverridableArguments"]);

    public static IReadOnlyDictionary<string, string> Arguments(JsonNode? node) =>
        (node as JsonObject ?? []).ToDictionary(item => item.Key, item => item.Value?.GetValue<string>() ?? "", StringComparer.Ordinal);
}
