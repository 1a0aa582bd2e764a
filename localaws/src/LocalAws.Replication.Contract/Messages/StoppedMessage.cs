namespace LocalAws.Replication.Messages;

/// <summary>The last line of a task that stopped in order; the exit code is 0.</summary>
public sealed record StoppedMessage(string Reason) : ReplicatorMessage;
