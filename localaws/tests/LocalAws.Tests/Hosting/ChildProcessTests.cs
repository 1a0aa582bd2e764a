using LocalAws.Hosting;
using Microsoft.Extensions.Logging.Abstractions;

namespace LocalAws.Tests.Hosting;

public sealed class ChildProcessTests : IDisposable
{
    private readonly string _home = Directory.CreateTempSubdirectory("children-").FullName;

    public void Dispose() => Directory.Delete(_home, recursive: true);

    [Fact]
    public async Task A_callback_that_throws_does_not_stop_the_program_behind_it()
    {
        // More than a pipe holds, so that a reader that gave up would stop the writer for good.
        const int Lines = 20_000;
        var seen = 0;

        await using var child = Children().Start(new ChildProcessSpec("writes", "bash", ["-c", $"seq 100000 {100_000 + Lines - 1}"])
        {
            OnOutput = _ => throw new InvalidOperationException($"line {++seen}"),
        });

        (await child.Completion.WaitAsync(TimeSpan.FromSeconds(60))).Should().Be(0);
        seen.Should().Be(Lines);
    }

    [Fact]
    public async Task A_process_that_has_ended_does_not_count_as_running()
    {
        var children = Children();
        var ended = Enumerable.Range(0, 20).Select(index => children.Start(new ChildProcessSpec($"ends {index}", "true", []))).ToList();

        await Task.WhenAll(ended.Select(child => child.Completion));

        children.Running.Should().BeEmpty();
    }

    private ChildProcesses Children() => new(
        new GatewayOptions { Home = _home, Python = "", Jars = "", Postgresql = "", Cache = "" },
        TimeProvider.System,
        NullLogger<ChildProcesses>.Instance);
}
