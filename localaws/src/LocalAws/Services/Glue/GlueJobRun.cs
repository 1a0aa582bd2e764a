using System.Security.Cryptography;
using System.Text.Json.Nodes;
using LocalAws.Protocols;

namespace LocalAws.Services.Glue;

/// <summary>One run of a job.</summary>
internal sealed class GlueJobRun
{
    private const string LogPrefixArgument = "--custom-logGroup-prefix";

    public string Id { get; } = "jr_" + Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(32));

    public required GlueJob Job { get; init; }

    /// <summary>What StartJobRun was given beside the job's own arguments.</summary>
    public required IReadOnlyDictionary<string, string> Arguments { get; init; }

    /// <summary>Minutes after which the run is ended as TIMEOUT.</summary>
    public required int TimeoutMinutes { get; init; }

    public GlueJobRunState State { get; set; } = GlueJobRunState.WAITING;

    public required DateTimeOffset StartedOn { get; init; }

    /// <summary>When the process was started; null while the run waits.</summary>
    public DateTimeOffset? RunningSince { get; set; }

    public required DateTimeOffset LastModifiedOn { get; set; }

    public DateTimeOffset? CompletedOn { get; set; }

    public string? ErrorMessage { get; set; }

    /// <summary>Cancelled by BatchStopJobRun.</summary>
    public CancellationTokenSource Stopping { get; } = new();

    /// <summary>
    /// What the names of its log groups begin with, by the special parameter of Glue 5 (AWS Glue developer guide, "Logging for AWS Glue
    /// jobs").
    /// </summary>
    public string LogPrefix =>
        Arguments.GetValueOrDefault(LogPrefixArgument) ?? Job.DefaultArguments.GetValueOrDefault(LogPrefixArgument) ?? "/aws-glue/jobs";

    public bool IsOver =>
        State is GlueJobRunState.SUCCEEDED or GlueJobRunState.FAILED or GlueJobRunState.TIMEOUT or GlueJobRunState.STOPPED
            or GlueJobRunState.ERROR;

    /// <summary>The <c>JobRun</c> structure as it is now.</summary>
    public JsonObject Describe(DateTimeOffset now)
    {
        var end = CompletedOn ?? now;
        var run = new JsonObject
        {
            ["Id"] = Id,
            ["Attempt"] = 0,
            ["JobName"] = Job.Name,
            ["JobMode"] = "SCRIPT",
            ["JobRunQueuingEnabled"] = Job.Queues,
            ["StartedOn"] = JsonInput.Epoch(StartedOn),
            ["LastModifiedOn"] = JsonInput.Epoch(LastModifiedOn),
            ["JobRunState"] = State.ToString(),
            ["Arguments"] = new JsonObject(Arguments.Select(item => KeyValuePair.Create(item.Key, (JsonNode?)item.Value))),
            ["PredecessorRuns"] = new JsonArray(),
            ["ExecutionTime"] = RunningSince is { } since ? (int)Math.Ceiling((end - since).TotalSeconds) : 0,
            ["Timeout"] = TimeoutMinutes,
            ["LogGroupName"] = LogPrefix,
        };
        foreach (var member in new[] { "GlueVersion", "WorkerType", "NumberOfWorkers", "MaxCapacity", "ExecutionClass" })
        {
            if (Job.Definition[member] is { } value)
            {
                run[member] = value.DeepClone();
            }
        }

        if (CompletedOn is { } completed)
        {
            run["CompletedOn"] = JsonInput.Epoch(completed);
        }

        if (ErrorMessage is not null)
        {
            run["ErrorMessage"] = ErrorMessage;
        }

        return run;
    }
}
