namespace LocalAws.Replication.Messages;

/// <summary>Statistics of one table, by its names in the source; sent at every change of state, else at most once a second.</summary>
public sealed record TableMessage : ReplicatorMessage
{
    /// <summary>Schema in the source.</summary>
    public required string Schema { get; init; }

    /// <summary>Table in the source.</summary>
    public required string Table { get; init; }

    /// <summary>One of <see cref="TableStates"/>.</summary>
    public required string State { get; init; }

    /// <summary>Rows loaded.</summary>
    public long FullLoadRows { get; init; }

    /// <summary>Rows whose load failed.</summary>
    public long FullLoadErrorRows { get; init; }

    /// <summary>Inserts captured.</summary>
    public long Inserts { get; init; }

    /// <summary>Updates captured.</summary>
    public long Updates { get; init; }

    /// <summary>Deletes captured.</summary>
    public long Deletes { get; init; }

    /// <summary>Changes of the table's definition captured.</summary>
    public long Ddls { get; init; }

    /// <summary>Inserts that lie in the bucket.</summary>
    public long AppliedInserts { get; init; }

    /// <summary>Updates that lie in the bucket.</summary>
    public long AppliedUpdates { get; init; }

    /// <summary>Deletes that lie in the bucket.</summary>
    public long AppliedDeletes { get; init; }

    /// <summary>Start of the load (UTC).</summary>
    public DateTime? FullLoadStart { get; init; }

    /// <summary>End of the load (UTC).</summary>
    public DateTime? FullLoadEnd { get; init; }

    /// <summary>Whether the load is one that ReloadTables asked for.</summary>
    public bool FullLoadReloaded { get; init; }

    /// <summary>Time of this message (UTC).</summary>
    public DateTime LastUpdate { get; init; }
}
