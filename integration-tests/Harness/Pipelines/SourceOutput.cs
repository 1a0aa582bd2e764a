namespace Cdc.Harness.Pipelines;

/// <summary>The output <c>source</c> of an environment: the database and the secret of its administrator.</summary>
public sealed record SourceOutput(string InstanceIdentifier, SourceEndpoint Endpoint, string Database, string AdministratorSecretArn);
