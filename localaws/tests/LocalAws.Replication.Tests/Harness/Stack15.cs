namespace LocalAws.Replication.Tests.Harness;

/// <summary>The same servers with the oldest PostgreSQL that the local AWS has.</summary>
public sealed class Stack15() : Stack("15");
