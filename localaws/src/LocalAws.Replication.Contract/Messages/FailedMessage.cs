namespace LocalAws.Replication.Messages;

/// <summary>The last line of a task that failed; the exit code is 1.</summary>
public sealed record FailedMessage(string Message, string Reason) : ReplicatorMessage;
