namespace LocalAws.Replication.State;

/// <summary>What a task needs to go on: written before the slot is told, so that the slot is never ahead of it.</summary>
internal sealed record TaskState
{
    /// <summary>The slot that the position belongs to; null for a full load without changes.</summary>
    public string? SlotName { get; init; }

    /// <summary>Whether the engine made the slot, and drops it with the task; false for one that was there.</summary>
    public bool SlotIsOurs { get; init; } = true;

    /// <summary>Log position up to which every change is in S3.</summary>
    public ulong Lsn { get; init; }

    /// <summary>Counter of the last change up to there.</summary>
    public long Counter { get; init; }

    /// <summary>Latest commit time that a sequence was made of, microseconds since 1970-01-01.</summary>
    public long SequenceMicros { get; init; }

    /// <summary>When the last file got its name, milliseconds since 1970-01-01: later names come after it.</summary>
    public long LastFileMillis { get; init; }

    /// <summary>The tables that the task has taken, those in error too.</summary>
    public IReadOnlyList<TableState> Tables { get; init; } = [];
}
