namespace LocalAws.Replication.Tests.Harness;

/// <summary>
/// The long tests, on servers of their own: a test mostly waits, so that three rows of tests take little longer than the longest.
/// </summary>
[CollectionDefinition(Name)]
public sealed class SecondStackCollection : ICollectionFixture<Stack>
{
    public const string Name = "Second stack";
}
