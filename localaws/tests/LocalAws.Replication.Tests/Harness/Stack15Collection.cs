namespace LocalAws.Replication.Tests.Harness;

/// <summary>
/// Tests that are run on the oldest PostgreSQL too; beside those on the newest, since both mostly wait for files to be closed.
/// </summary>
[CollectionDefinition(Name)]
public sealed class Stack15Collection : ICollectionFixture<Stack15>
{
    public const string Name = "PostgreSQL 15";
}
