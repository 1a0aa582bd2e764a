namespace LocalAws.Replication.Messages;

/// <summary>How far the full load is.</summary>
public sealed record ProgressMessage(int TablesLoaded, int TablesLoading, int TablesQueued, int TablesErrored, int Percent)
    : ReplicatorMessage;
