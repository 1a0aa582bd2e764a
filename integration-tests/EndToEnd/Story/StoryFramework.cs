using System.Reflection;
using Xunit.Abstractions;
using Xunit.Sdk;

[assembly: TestFramework("Cdc.EndToEnd.Tests.Story.StoryFramework", "Cdc.EndToEnd.Tests")]

namespace Cdc.EndToEnd.Tests.Story;

/// <summary>xUnit with an end of its own (<see cref="StoryRunner"/>): fixtures of xUnit 2 end with a class or a collection, not with the last of them.</summary>
public sealed class StoryFramework(IMessageSink messages) : XunitTestFramework(messages)
{
    protected override ITestFrameworkExecutor CreateExecutor(AssemblyName assemblyName) =>
        new StoryExecutor(assemblyName, SourceInformationProvider, DiagnosticMessageSink);
}
