namespace Cdc.Harness.Pipelines;

/// <summary>A query failed; the message is Athena's, then the query.</summary>
public sealed class AthenaQueryException(string message) : Exception(message);
