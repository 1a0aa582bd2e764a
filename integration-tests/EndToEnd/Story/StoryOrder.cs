using Xunit.Abstractions;

[assembly: CollectionBehavior(DisableTestParallelization = true)]
[assembly: TestCollectionOrderer("Cdc.EndToEnd.Tests.Story.StoryOrder", "Cdc.EndToEnd.Tests")]

namespace Cdc.EndToEnd.Tests.Story;

/// <summary>The classes share one deployment, and two of them end it: those come last.</summary>
public sealed class StoryOrder : ITestCollectionOrderer
{
    private static readonly string[] Order =
    [
        nameof(ApplyTests), nameof(PreflightTests), nameof(ReplicationTests), nameof(PgbenchTests), nameof(BadInputTests), nameof(DestroyTests), nameof(StopTests),
    ];

    public IEnumerable<ITestCollection> OrderTestCollections(IEnumerable<ITestCollection> testCollections) =>
        testCollections.OrderBy(collection => Array.FindIndex(Order, name => collection.DisplayName.EndsWith(name, StringComparison.Ordinal)));
}
