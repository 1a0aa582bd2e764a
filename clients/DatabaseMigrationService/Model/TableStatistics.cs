namespace Amazon.DatabaseMigrationService.Model;

/// <summary>What a task did with a table since it was started.</summary>
/// <param name="TableState">For example <c>Full load</c>, <c>Table completed</c> or <c>Table error</c>.</param>
public sealed record TableStatistics(
    string SchemaName, string TableName, string TableState, long FullLoadRows, long Inserts, long Updates, long Deletes)
{
    /// <summary>When its latest load began; null when there was none.</summary>
    public DateTimeOffset? FullLoadStartTime { get; init; }

    /// <summary>When its latest load ended; null when there was none, or it has not ended.</summary>
    public DateTimeOffset? FullLoadEndTime { get; init; }

    /// <summary>Whether its latest load is one that ReloadTables asked for.</summary>
    public bool FullLoadReloaded { get; init; }
}
