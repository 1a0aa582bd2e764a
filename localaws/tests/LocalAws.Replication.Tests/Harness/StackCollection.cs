namespace LocalAws.Replication.Tests.Harness;

/// <summary>Tests that need the servers; they run one after the other, for two cores are soon busy.</summary>
[CollectionDefinition(Name)]
public sealed class StackCollection : ICollectionFixture<Stack>
{
    public const string Name = "Stack";
}
