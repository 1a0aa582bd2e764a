using Cdc.EndToEnd.Tests.Story;

namespace Cdc.EndToEnd.Tests;

public sealed class DestroyTests
{
    [Fact]
    public async Task After_a_destroy_nothing_is_there_that_was_not_there_before()
    {
        var story = await DeployedPipeline.GetAsync();

        await Task.WhenAll(story.Root.DestroyAsync(StoryTime.Token), (await story.OwnRoot).DestroyAsync(StoryTime.Token));

        var left = await story.Stack.InventoryAsync(StoryTime.Token);
        left.Should().BeEquivalentTo(story.InventoryBefore);
        (await story.Root.ShowAsync(StoryTime.Token)).ToJsonString().Should().NotContain("\"resources\"");
    }
}
