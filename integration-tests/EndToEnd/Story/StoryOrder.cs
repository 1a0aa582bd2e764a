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
        nameof(ApplyTests), nameof(PreflightTests), nameof(ReplicationTests), nameof(PgbenchTests), nameof(OwnRootTests), nameof(BadInputTests), nameof(DestroyTests),
        nameof(StopTests),
    ];

    public IReadOnlyCollection<TTestCollection> OrderTestCollections<TTestCollection>(IReadOnlyCollection<TTestCollection> testCollections)
        where TTestCollection : ITestCollection =>
        [.. testCollections.OrderBy(collection => Array.FindIndex(Order, name => collection.TestCollectionDisplayName.EndsWith(name, StringComparison.Ordinal)))];
}
