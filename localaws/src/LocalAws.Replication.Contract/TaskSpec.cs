namespace LocalAws.Replication;

/// <summary>
/// The first line on a replicator's standard input: everything about its task. Secrets travel here and never in arguments.
/// </summary>
public sealed record TaskSpec
{
    /// <summary>The task's identifier, as in the API.</summary>
    public required string TaskIdentifier { get; init; }

    /// <summary><c>full-load</c>, <c>cdc</c> or <c>full-load-and-cdc</c>.</summary>
    public required string MigrationType { get; init; }

    /// <summary><c>start-replication</c>, <c>resume-processing</c> or <c>reload-target</c>.</summary>
    public string StartType { get; init; } = StartTypes.Start;

    /// <summary>The checkpoint file. Files being staged lie in a folder beside it.</summary>
    public required string StateFile { get; init; }

    /// <summary>The logical slot; without it, <c>PostgreSQLSettings.SlotName</c>, else a name made from the identifier.</summary>
    public string? SlotName { get; init; }

    /// <summary>Where a <c>cdc</c> task begins: an LSN or a checkpoint string; null: now.</summary>
    public string? CdcStartPosition { get; init; }

    /// <summary>The database as its users reach it.</summary>
    public required SourceSpec Source { get; init; }

    /// <summary>How the engine itself reaches the database.</summary>
    public required EngineConnectionSpec EngineConnection { get; init; }

    /// <summary>The bucket.</summary>
    public required TargetSpec Target { get; init; }

    /// <summary>The <c>TableMappings</c> document.</summary>
    public required string TableMappings { get; init; }

    /// <summary>The <c>ReplicationTaskSettings</c> document, whole or in part; null: defaults.</summary>
    public string? TaskSettings { get; init; }
}
