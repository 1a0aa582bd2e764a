using Cdc.Harness.Commands;

namespace Cdc.Harness.Tests;

public sealed class CommandTests
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);

    [Fact]
    public async Task A_cancelled_command_is_interrupted_once_and_may_end_in_good_order()
    {
        // It waits a while after the first interrupt, so that a second one would be seen.
        const string Script =
            "trap 'echo interrupted; left=10' INT; left=1000; echo ready; while ((left-- > 0)); do sleep 0.05; done; echo ended";
        using var interrupt = new CancellationTokenSource(Limit);
        var lines = new List<string>();
        var command = Session.Command("bash", "-c", Script).WithLines(line =>
        {
            lines.Add(line);
            if (line == "ready")
            {
                interrupt.Cancel();
            }
        });

        var running = () => command.RunAsync(interrupt.Token);

        await running.Should().ThrowAsync<OperationCanceledException>();
        lines.Should().Equal("ready", "interrupted", "ended");
    }

    [Fact]
    public async Task A_command_is_in_no_process_group_of_a_terminal_whose_interrupt_would_be_a_second_one()
    {
        using var limit = new CancellationTokenSource(Limit);

        var result = await Session.Command(
            "bash", "-c", "read -r _ _ _ _ group session _ </proc/$$/stat; echo $$ $group $session").RunSuccessfullyAsync(limit.Token);

        result.StandardOutput.Trim().Split(' ').Distinct().Should().ContainSingle(result.StandardOutput);
    }

    [Fact]
    public async Task A_program_that_is_not_there_is_named_with_the_remedy()
    {
        using var limit = new CancellationTokenSource(Limit);

        var running = () => Session.Command("no-such-program").RunAsync(limit.Token);

        (await running.Should().ThrowAsync<FileNotFoundException>()).WithMessage("*no-such-program*PATH*Install*");
    }

    [Fact]
    public async Task A_failed_command_is_told_as_it_was_typed_with_the_end_of_its_errors()
    {
        using var limit = new CancellationTokenSource(Limit);

        var running = () => Session.Command("bash", "-c", "echo said; echo wrong >&2; exit 7").RunSuccessfullyAsync(limit.Token);

        var failure = (await running.Should().ThrowAsync<CommandFailedException>()).Which;
        failure.Message.Should().MatchRegex("^`.*bash -c .*` ended with exit code 7:\\s+wrong$").And.NotContain("setsid");
    }

    [Fact]
    public async Task A_reader_of_lines_that_fails_ends_the_command_with_its_failure()
    {
        using var limit = new CancellationTokenSource(Limit);

        var running = () => Session.Command("bash", "-c", "echo first; cat /dev/zero | head -c 10000000")
            .WithLines(_ => throw new InvalidDataException("no room"))
            .RunAsync(limit.Token);

        await running.Should().ThrowAsync<InvalidDataException>().WithMessage("no room");
    }
}
