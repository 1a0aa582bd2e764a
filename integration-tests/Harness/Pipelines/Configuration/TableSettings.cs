namespace Cdc.Harness.Pipelines.Configuration;

/// <summary>What the job's configuration says of a table beside what every table has.</summary>
/// <param name="ReplicaIdentity"><c>default</c>: the source's is left as it is; <c>full</c>: the log has whole old rows.</param>
/// <param name="OnUnchangedLob"><c>keep</c> or <c>null</c>: what becomes of a long value that an update left alone.</param>
public sealed record TableSettings(string ReplicaIdentity = "default", string OnUnchangedLob = "keep")
{
    /// <summary>Whether the log is to have whole old rows.</summary>
    public bool WantsFullIdentity => ReplicaIdentity == "full";
}
