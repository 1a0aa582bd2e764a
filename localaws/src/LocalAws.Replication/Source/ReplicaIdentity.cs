namespace LocalAws.Replication.Source;

/// <summary>What of the old row the log has for an update that changes it and for a delete.</summary>
internal enum ReplicaIdentity
{
    /// <summary>Nothing: the table has no key that can serve, or REPLICA IDENTITY NOTHING.</summary>
    None,

    /// <summary>The columns of the primary key.</summary>
    PrimaryKey,

    /// <summary>The columns of another unique index: REPLICA IDENTITY USING INDEX.</summary>
    Index,

    /// <summary>The whole row: REPLICA IDENTITY FULL.</summary>
    Full,
}
