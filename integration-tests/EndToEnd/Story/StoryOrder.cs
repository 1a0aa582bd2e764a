using Xunit.Sdk;
using Xunit.v3;

[assembly: CollectionBehavior(DisableTestParallelization = true)]
[assembly: TestCollectionOrderer(typeof(Cdc.EndToEnd.Tests.Story.StoryOrder))]

namespace Cdc.EndToEnd.Tests.Story;

/// <summary>The classes share one deployment, and two of them end it: those come last.</summary>
public sealed class StoryOrder : ITestCollectionOrderer
{
    private static readonly string[] Order =
    [
        nameof(ApplyTests), nameof(PreflightTests), nameof(ReplicationTests), nameof(PgbenchTests), nameof(AddedTableTests),
        nameof(OwnRootTests), nameof(BadInputTests), nameof(DestroyTests), nameof(StopTests),
    ];

    public IReadOnlyCollection<TTestCollection> OrderTestCollections<TTestCollection>(IReadOnlyCollection<TTestCollection> testCollections)
        where TTestCollection : ITestCollection =>
        [.. testCollections.OrderBy(collection => Place(collection.TestCollectionDisplayName))];

    /// <summary>xUnit names a collection after its class and adds an id.</summary>
    private static int Place(string collection)
    {
        var place = Array.FindIndex(Order, name => collection.Contains($".{name} ", StringComparison.Ordinal) || collection.EndsWith(
            $".{name}", StringComparison.Ordinal));
        return place >= 0
            ? place
            : throw new InvalidOperationException($"Where in the story comes \"{collection}\"? Put its class into the order.");
    }
}
