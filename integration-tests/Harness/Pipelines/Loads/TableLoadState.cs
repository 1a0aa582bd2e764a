using Amazon.DatabaseMigrationService.Model;
using Cdc.Harness.Pipelines.State;

namespace Cdc.Harness.Pipelines.Loads;

/// <summary>What a task's statistics say of the load of one table.</summary>
/// <param name="Table">The table.</param>
/// <param name="Phase">How far it is.</param>
/// <param name="Started">When its latest load began.</param>
/// <param name="Ended">When that ended.</param>
/// <param name="Rows">Rows that it has so far.</param>
public sealed record TableLoadState(
    ReplicatedTable Table, LoadPhase Phase, DateTimeOffset? Started = null, DateTimeOffset? Ended = null, long Rows = 0)
{
    /// <summary>Reads the statistics.</summary>
    /// <param name="table">The table.</param>
    /// <param name="statistics">Null where the task has none of it.</param>
    public static TableLoadState Of(ReplicatedTable table, TableStatistics? statistics) => statistics is null
        ? new TableLoadState(table, LoadPhase.Unknown)
        : new TableLoadState(
            table, PhaseOf(statistics), statistics.FullLoadStartTime, statistics.FullLoadEndTime, statistics.FullLoadRows);

    /// <summary>The load as it is recorded for the job; null when there was none.</summary>
    /// <param name="task">ARN of the task.</param>
    public LoadDocument? Document(string task) => Started is { } started
        ? LoadDocument.Of(Table.Qualified, started, Phase == LoadPhase.Loaded ? Ended : null, Rows, task)
        : null;

    private static LoadPhase PhaseOf(TableStatistics statistics) => statistics.TableState switch
    {
        "Before load" => LoadPhase.Queued,
        "Full load" or "Table is being reloaded" => LoadPhase.Loading,
        "Table error" or "Table cancelled" => LoadPhase.Failed,
        "Table does not exist" => LoadPhase.Missing,
        // An empty table has no rows when it is loaded, but its load has an end.
        _ => statistics.FullLoadEndTime is null && statistics.FullLoadRows == 0 ? LoadPhase.NeverLoaded : LoadPhase.Loaded,
    };
}
