namespace LocalAws.Replication;

/// <summary>A line on a running replicator's standard input, after its specification.</summary>
public sealed record ReplicatorCommand
{
    /// <summary>Ends the task in good order.</summary>
    public const string Stop = "stop";

    /// <summary>Loads <see cref="Tables"/> again while the task goes on.</summary>
    public const string Reload = "reload";

    /// <summary><see cref="Stop"/> or <see cref="Reload"/>.</summary>
    public required string Command { get; init; }

    /// <summary>Of <see cref="Reload"/>: which tables.</summary>
    public IReadOnlyList<NamedTable> Tables { get; init; } = [];
}
