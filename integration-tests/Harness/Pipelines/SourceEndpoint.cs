namespace Cdc.Harness.Pipelines;

/// <summary>Where a database is.</summary>
public sealed record SourceEndpoint(string Address, int Port);
