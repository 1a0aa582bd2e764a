using System.Text.Json.Nodes;
using LocalAws.Protocols;
using LocalAws.Routing;

namespace LocalAws.Services.Lambda.EventSources;

/// <summary>A queue that feeds a function. It never changes: a change makes another one.</summary>
internal sealed record EventSourceMapping
{
    private const int DefaultBatchSize = 10;

    /// <summary>Names it.</summary>
    public required string Uuid { get; init; }

    /// <summary>Account and region.</summary>
    public required AwsScope Scope { get; init; }

    /// <summary>The queue.</summary>
    public required string QueueArn { get; init; }

    /// <summary>The function.</summary>
    public required string FunctionArn { get; init; }

    /// <summary>Its settings as they were put.</summary>
    public required JsonObject Settings { get; init; }

    /// <summary>When it was put.</summary>
    public required DateTimeOffset LastModified { get; init; }

    /// <summary>Whether the queue is read.</summary>
    public bool IsEnabled => Settings.Boolean("Enabled") ?? true;

    /// <summary>The most messages of one event.</summary>
    public int BatchSize => Settings.Integer("BatchSize") ?? DefaultBatchSize;

    /// <summary>How long is waited for a full batch.</summary>
    public TimeSpan Window => TimeSpan.FromSeconds(Settings.Integer("MaximumBatchingWindowInSeconds") ?? 0);

    /// <summary>The most executions at one time; null when none is set.</summary>
    public int? MaximumConcurrency => (Settings["ScalingConfig"] as JsonObject)?.Integer("MaximumConcurrency");

    /// <summary>Whether the function's answer names the messages that it did not handle.</summary>
    public bool ReportsFailures => Settings.Strings("FunctionResponseTypes").Contains("ReportBatchItemFailures");

    /// <summary>Patterns of which a message must match one; empty for all messages.</summary>
    public IReadOnlyList<string> Filters =>
    [
        .. ((Settings["FilterCriteria"] as JsonObject)?["Filters"] as JsonArray ?? []).OfType<JsonObject>()
            .Select(filter => filter.Required("Pattern")),
    ];

    /// <summary>Names it in tags.</summary>
    public string Arn => Scope.Arn("lambda", $"event-source-mapping:{Uuid}");

    /// <summary>The <c>EventSourceMappingConfiguration</c> structure.</summary>
    public JsonObject Describe(string state) => new()
    {
        ["UUID"] = Uuid,
        ["EventSourceMappingArn"] = Arn,
        ["EventSourceArn"] = QueueArn,
        ["FunctionArn"] = FunctionArn,
        ["BatchSize"] = BatchSize,
        ["MaximumBatchingWindowInSeconds"] = (int)Window.TotalSeconds,
        ["FunctionResponseTypes"] = Settings["FunctionResponseTypes"]?.DeepClone() ?? new JsonArray(),
        ["ScalingConfig"] = Settings["ScalingConfig"]?.DeepClone(),
        ["FilterCriteria"] = Settings["FilterCriteria"]?.DeepClone(),
        ["State"] = state,
        ["StateTransitionReason"] = "USER_INITIATED",
        ["LastModified"] = JsonInput.Epoch(LastModified),
    };
}
