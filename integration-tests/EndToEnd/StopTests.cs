using Cdc.EndToEnd.Tests.Story;

namespace Cdc.EndToEnd.Tests;

public sealed class StopTests
{
    [Fact]
    public async Task After_a_stop_no_process_of_the_local_AWS_and_none_of_its_data_is_left()
    {
        var story = await DeployedPipeline.GetAsync();
        var processes = await story.Stack.ProcessesAsync(StoryTime.Token);
        var data = Path.Combine(Path.GetDirectoryName(story.Stack.LogFile)!, "home");
        Directory.Exists(data).Should().BeTrue();
        processes.Should().NotBeEmpty();

        await DeployedPipeline.StopAsync();

        (await story.Stack.IsRunningAsync(StoryTime.Token)).Should().BeFalse();
        processes.Where(process => Directory.Exists($"/proc/{process.Id}")).Should().BeEmpty();
        Directory.Exists(data).Should().BeFalse();
    }
}
