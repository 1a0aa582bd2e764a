namespace LocalAws.Replication.Messages;

/// <summary>The recovery checkpoint moved.</summary>
public sealed record CheckpointMessage(string Value) : ReplicatorMessage;
