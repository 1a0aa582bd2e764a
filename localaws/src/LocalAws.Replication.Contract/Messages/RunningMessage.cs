namespace LocalAws.Replication.Messages;

/// <summary>The task runs: both ends were reached and, if it captures changes, the slot is there.</summary>
public sealed record RunningMessage : ReplicatorMessage;
