namespace LocalAws.Replication.Files;

/// <summary>Where the values of a column of a file come from.</summary>
internal enum OutputKind
{
    Operation,
    Timestamp,
    Source,
    ChangeSequence,
    StreamPosition,
    CommitTimestamp,
    OperationName,
    Constant,
    BeforeImage,
}
