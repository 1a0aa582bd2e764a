namespace Amazon.DatabaseMigrationService.Model;

/// <summary>A replication task.</summary>
/// <param name="Status">creating, ready, starting, running, stopping, stopped, failed or deleting.</param>
/// <param name="StopReason">Why it stopped, e.g. <c>Stop Reason NORMAL</c>; null while it never did.</param>
/// <param name="LastFailureMessage">Empty while it did not fail.</param>
/// <param name="FullLoadProgressPercent">0 to 100.</param>
public sealed record ReplicationTask(
    string ReplicationTaskArn, string ReplicationTaskIdentifier, string Status, string? StopReason, string LastFailureMessage,
    long FullLoadProgressPercent, DateTimeOffset? ReplicationTaskStartDate);
