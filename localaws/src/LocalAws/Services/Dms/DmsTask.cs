using System.Collections.Concurrent;
using System.Text.Json.Nodes;
using LocalAws.Hosting;
using LocalAws.Protocols;
using LocalAws.Replication.Messages;

namespace LocalAws.Services.Dms;

/// <summary>A replication task: its definition, its state, and the process that carries it out while it runs.</summary>
internal sealed class DmsTask
{
    public required string Identifier { get; init; }

    public required string Arn { get; init; }

    public required string SourceArn { get; init; }

    public required string TargetArn { get; init; }

    public required string InstanceArn { get; init; }

    public required string MigrationType { get; set; }

    public required string TableMappings { get; set; }

    /// <summary>The settings document, complete: what was given over DMS's defaults.</summary>
    public required JsonObject Settings { get; set; }

    public string? CdcStartPosition { get; set; }

    public string? CdcStopPosition { get; set; }

    /// <summary>Held while the status is looked at and changed by it: two starts of one task would read one slot.</summary>
    public Lock Gate { get; } = new();

    /// <summary>ready, starting, running, stopping, stopped, failed, deleting.</summary>
    public string Status { get; set; } = "ready";

    public string? StopReason { get; set; }

    public string LastFailureMessage { get; set; } = "";

    public string? RecoveryCheckpoint { get; set; }

    public required DateTimeOffset Created { get; init; }

    public DateTimeOffset? Started { get; set; }

    public DateTimeOffset? FreshStart { get; set; }

    public DateTimeOffset? Stopped { get; set; }

    public ProgressMessage Progress { get; set; } = new(0, 0, 0, 0, 0);

    public ConcurrentDictionary<(string Schema, string Table), TableMessage> Tables { get; } = new();

    /// <summary>The replicator; null while the task does not run.</summary>
    public ChildProcess? Process { get; set; }

    public bool IsActive => Status is "starting" or "running" or "stopping";

    public bool LogsToCloudWatch => (Settings["Logging"] as JsonObject)?.Boolean("EnableLogging") ?? false;

    public string ResourceId => Arn.Split(':')[^1];

    /// <summary>The slot belongs to the task and is named after it.</summary>
    public string SlotName => $"dms_{ResourceId.ToLowerInvariant()}";

    /// <summary>The <c>ReplicationTask</c> structure as it is now.</summary>
    public JsonObject Describe(DateTimeOffset now, bool withSettings = true)
    {
        var task = new JsonObject
        {
            ["ReplicationTaskIdentifier"] = Identifier,
            ["ReplicationTaskArn"] = Arn,
            ["SourceEndpointArn"] = SourceArn,
            ["TargetEndpointArn"] = TargetArn,
            ["ReplicationInstanceArn"] = InstanceArn,
            ["MigrationType"] = MigrationType,
            ["Status"] = Status,
            ["LastFailureMessage"] = LastFailureMessage,
            ["ReplicationTaskCreationDate"] = JsonInput.Epoch(Created),
        };
        if (withSettings)
        {
            task["TableMappings"] = TableMappings;
            task["ReplicationTaskSettings"] = Settings.ToJsonString();
        }

        (string, string?)[] optional =
        [
            ("StopReason", StopReason), ("CdcStartPosition", CdcStartPosition), ("CdcStopPosition", CdcStopPosition),
            ("RecoveryCheckpoint", RecoveryCheckpoint),
        ];
        foreach (var (name, value) in optional)
        {
            if (value is not null)
            {
                task[name] = value;
            }
        }

        if (Started is { } started)
        {
            task["ReplicationTaskStartDate"] = JsonInput.Epoch(started);
            task["ReplicationTaskStats"] = Statistics(started, now);
        }

        return task;
    }

    private JsonObject Statistics(DateTimeOffset started, DateTimeOffset now)
    {
        var statistics = new JsonObject
        {
            ["FullLoadProgressPercent"] = Progress.Percent,
            ["ElapsedTimeMillis"] = (long)((Stopped ?? now) - started).TotalMilliseconds,
            ["TablesLoaded"] = Progress.TablesLoaded,
            ["TablesLoading"] = Progress.TablesLoading,
            ["TablesQueued"] = Progress.TablesQueued,
            ["TablesErrored"] = Progress.TablesErrored,
            ["StartDate"] = JsonInput.Epoch(started),
        };
        if (FreshStart is { } fresh)
        {
            statistics["FreshStartDate"] = JsonInput.Epoch(fresh);
        }

        if (Stopped is { } stopped)
        {
            statistics["StopDate"] = JsonInput.Epoch(stopped);
        }

        return statistics;
    }
}
