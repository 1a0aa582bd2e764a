using System.Text.Json.Nodes;
using LocalAws.Protocols;

namespace LocalAws.Services.Athena;

/// <summary>A query and what became of it.</summary>
internal sealed class QueryExecution
{
    private readonly Lock _gate = new();

    public string Id { get; } = Guid.NewGuid().ToString();

    public required string Sql { get; init; }

    public required string WorkGroup { get; init; }

    public string? Database { get; init; }

    /// <summary>Where results go, as <c>s3://bucket/prefix</c>.</summary>
    public required string OutputFolder { get; init; }

    /// <summary>Where the result's CSV lies, as <c>s3://bucket/prefix/id.csv</c>.</summary>
    public string OutputLocation => $"{OutputFolder}/{Id}.csv";

    /// <summary>QUEUED, RUNNING, SUCCEEDED, FAILED or CANCELLED.</summary>
    public string State { get; private set; } = "QUEUED";

    public bool IsOver => State is "SUCCEEDED" or "FAILED" or "CANCELLED";

    public string? Reason { get; private set; }

    public required DateTimeOffset Submitted { get; init; }

    public DateTimeOffset? Started { get; private set; }

    public DateTimeOffset? Completed { get; private set; }

    public IReadOnlyList<JsonObject> Columns { get; set; } = [];

    /// <summary>The rows of a query that succeeded, until they are dropped.</summary>
    public IReadOnlyList<IReadOnlyList<string?>> Rows { get; set; } = [];

    /// <summary>Whether <see cref="Rows"/> were given up for those of later queries; the result's CSV stays in S3.</summary>
    public bool IsDropped { get; private set; }

    /// <summary>Athena's category of an error: 1 its own, 2 the query's.</summary>
    public int ErrorCategory { get; set; } = 2;

    /// <summary>Cancelled by StopQueryExecution.</summary>
    public CancellationTokenSource Stopping { get; } = new();

    /// <summary>Begins the work.</summary>
    /// <returns>False when the query was stopped before.</returns>
    public bool Begin(DateTimeOffset now)
    {
        lock (_gate)
        {
            if (IsOver)
            {
                return false;
            }

            (State, Started) = ("RUNNING", now);
            return true;
        }
    }

    /// <summary>Ends the query; what has ended stays as it ended.</summary>
    /// <returns>Whether it had not ended before.</returns>
    public bool End(string state, string? reason, DateTimeOffset now)
    {
        lock (_gate)
        {
            if (IsOver)
            {
                return false;
            }

            (State, Reason, Completed) = (state, reason, now);
            return true;
        }
    }

    public void Drop()
    {
        IsDropped = true;
        Rows = [];
    }

    /// <summary>The <c>QueryExecution</c> structure as it is now.</summary>
    public JsonObject Describe(DateTimeOffset now)
    {
        var status = new JsonObject { ["State"] = State, ["SubmissionDateTime"] = JsonInput.Epoch(Submitted) };
        if (Completed is { } completed)
        {
            status["CompletionDateTime"] = JsonInput.Epoch(completed);
        }

        if (Reason is not null)
        {
            status["StateChangeReason"] = Reason;
            status["AthenaError"] = new JsonObject
            {
                ["ErrorCategory"] = ErrorCategory,
                ["ErrorType"] = 1,
                ["Retryable"] = false,
                ["ErrorMessage"] = Reason,
            };
        }

        var end = Completed ?? now;
        return new JsonObject
        {
            ["QueryExecutionId"] = Id,
            ["Query"] = Sql,
            ["StatementType"] = "DML",
            ["ResultConfiguration"] = new JsonObject { ["OutputLocation"] = OutputLocation },
            ["QueryExecutionContext"] = Database is null
                ? new JsonObject()
                : new JsonObject { ["Database"] = Database, ["Catalog"] = "awsdatacatalog" },
            ["Status"] = status,
            ["Statistics"] = new JsonObject
            {
                ["EngineExecutionTimeInMillis"] = Started is { } started ? (long)(end - started).TotalMilliseconds : 0,
                ["TotalExecutionTimeInMillis"] = (long)(end - Submitted).TotalMilliseconds,
                ["QueryQueueTimeInMillis"] = (long)((Started ?? end) - Submitted).TotalMilliseconds,
            },
            ["WorkGroup"] = WorkGroup,
            ["EngineVersion"] = new JsonObject
            {
                ["SelectedEngineVersion"] = "AUTO",
                ["EffectiveEngineVersion"] = "Athena engine version 3",
            },
        };
    }
}
