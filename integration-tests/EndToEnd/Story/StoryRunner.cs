using Xunit.Abstractions;
using Xunit.Sdk;

namespace Cdc.EndToEnd.Tests.Story;

/// <summary>Stops the local AWS after the last test and before the run is reported as ended: the end of the process would be too late, vstest kills it.</summary>
internal sealed class StoryRunner(
    ITestAssembly assembly, IEnumerable<IXunitTestCase> testCases, IMessageSink diagnostics, IMessageSink execution, ITestFrameworkExecutionOptions options)
    : XunitTestAssemblyRunner(assembly, testCases, diagnostics, execution, options)
{
    protected override async Task BeforeTestAssemblyFinishedAsync()
    {
        await Aggregator.RunAsync(DeployedPipeline.StopAsync);
        await base.BeforeTestAssemblyFinishedAsync();
    }
}
