[assembly: AssemblyFixture(typeof(Cdc.EndToEnd.Tests.Story.StoryEnd))]

namespace Cdc.EndToEnd.Tests.Story;

/// <summary>
/// Stops the local AWS after the last test and before the run is reported as ended: the end of the process would be too late.
/// </summary>
public sealed class StoryEnd : IAsyncDisposable
{
    public async ValueTask DisposeAsync() => await DeployedPipeline.StopAsync();
}
