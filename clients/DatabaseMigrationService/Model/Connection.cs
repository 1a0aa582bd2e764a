namespace Amazon.DatabaseMigrationService.Model;

/// <summary>The last test of an endpoint from a replication instance.</summary>
/// <param name="Status">testing, successful or failed.</param>
/// <param name="LastFailureMessage">Empty when the test did not fail.</param>
public sealed record Connection(string EndpointArn, string EndpointIdentifier, string Status, string LastFailureMessage);
