namespace LocalAws.Replication;

/// <summary>Standard input of <c>replicator test-connection</c>: the endpoint to test, one of the two.</summary>
public sealed record ConnectionTestSpec
{
    /// <summary>A source endpoint.</summary>
    public SourceSpec? Source { get; init; }

    /// <summary>A target endpoint.</summary>
    public TargetSpec? Target { get; init; }

    /// <summary>Whether the source must be able to give changes, not only rows.</summary>
    public bool RequireReplication { get; init; }
}
