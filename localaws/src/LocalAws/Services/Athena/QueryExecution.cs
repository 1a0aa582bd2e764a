using System.Text.Json.Nodes;
using LocalAws.Protocols;

namespace LocalAws.Services.Athena;

/// <summary>A query and what became of it.</summary>
internal sealed class QueryExecution
{
    public string Id { get; } = Guid.NewGuid().ToString();

    public required string Sql { get; init; }

    public required string WorkGroup { get; init; }

    public string? Database { get; init; }

    /// <summary>Where the result's CSV lies, as <c>s3://bucket/prefix/id.csv</c>; null when no location is set.</summary>
    public string? OutputLocation { get; set; }

    /// <summary>QUEUED, RUNNING, SUCCEEDED, FAILED or CANCELLED.</summary>
    public string State { get; set; } = "QUEUED";

    public string? Reason { get; set; }

    public DateTimeOffset Submitted { get; } = DateTimeOffset.UtcNow;

    public DateTimeOffset? Started { get; set; }

    public DateTimeOffset? Completed { get; set; }

    public IReadOnlyList<JsonObject> Columns { get; set; } = [];

    public List<IReadOnlyList<string?>> Rows { get; } = [];

    /// <summary>Whether <see cref="Rows"/> were given up for those of later queries; the result's CSV stays in S3.</summary>
    public bool IsDropped { get; private set; }

    /// <summary>Athena's category of an error: 1 its own, 2 the query's.</summary>
    public int ErrorCategory { get; set; } = 2;

    /// <summary>Cancelled by StopQueryExecution.</summary>
    public CancellationTokenSource Stopping { get; } = new();

    public void Drop()
    {
        IsDropped = true;
        Rows.Clear();
        Rows.TrimExcess();
    }

    public JsonObject Describe()
    {
        var status = new JsonObject { ["State"] = State, ["SubmissionDateTime"] = JsonInput.Epoch(Submitted) };
        if (Completed is { } completed)
        {
            status["CompletionDateTime"] = JsonInput.Epoch(completed);
        }

        if (Reason is not null)
        {
            status["StateChangeReason"] = Reason;
            status["AthenaError"] = new JsonObject { ["ErrorCategory"] = ErrorCategory, ["ErrorType"] = 1, ["Retryable"] = false, ["ErrorMessage"] = Reason };
        }

        var end = Completed ?? DateTimeOffset.UtcNow;
        return new JsonObject
        {
            ["QueryExecutionId"] = Id,
            ["Query"] = Sql,
            ["StatementType"] = "DML",
            ["ResultConfiguration"] = OutputLocation is null ? new JsonObject() : new JsonObject { ["OutputLocation"] = OutputLocation },
            ["QueryExecutionContext"] = Database is null ? new JsonObject() : new JsonObject { ["Database"] = Database, ["Catalog"] = "awsdatacatalog" },
            ["Status"] = status,
            ["Statistics"] = new JsonObject
            {
                ["EngineExecutionTimeInMillis"] = Started is { } started ? (long)(end - started).TotalMilliseconds : 0,
                ["TotalExecutionTimeInMillis"] = (long)(end - Submitted).TotalMilliseconds,
                ["QueryQueueTimeInMillis"] = (long)((Started ?? end) - Submitted).TotalMilliseconds,
            },
            ["WorkGroup"] = WorkGroup,
            ["EngineVersion"] = new JsonObject { ["SelectedEngineVersion"] = "AUTO", ["EffectiveEngineVersion"] = "Athena engine version 3" },
        };
    }
}
