namespace LocalAws.Replication.Messages;

/// <summary>The answer of <c>replicator test-connection</c>; a failed test has a message and the exit code 1.</summary>
public sealed record ConnectionTestMessage(bool Successful, string? Message) : ReplicatorMessage;
