using System.Reflection;
using Xunit.Abstractions;
using Xunit.Sdk;

namespace Cdc.EndToEnd.Tests.Story;

/// <summary>Runs tests with <see cref="StoryRunner"/>.</summary>
internal sealed class StoryExecutor(AssemblyName assemblyName, ISourceInformationProvider sources, IMessageSink messages) : XunitTestFrameworkExecutor(assemblyName, sources, messages)
{
    protected override async void RunTestCases(
        IEnumerable<IXunitTestCase> testCases, IMessageSink executionMessageSink, ITestFrameworkExecutionOptions executionOptions)
    {
        using var runner = new StoryRunner(TestAssembly, testCases, DiagnosticMessageSink, executionMessageSink, executionOptions);
        await runner.RunAsync();
    }
}
