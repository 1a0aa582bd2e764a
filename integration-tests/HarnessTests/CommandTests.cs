using Cdc.Harness.Commands;

namespace Cdc.Harness.Tests;

public sealed class CommandTests
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);

    [Fact]
    public async Task A_cancelled_command_is_interrupted_once_and_may_end_in_good_order()
    {
        // It waits a while after the first interrupt, so that a second one would be seen.
        const string Script = "trap 'echo interrupted; left=10' INT; left=1000; echo ready; while ((left-- > 0)); do sleep 0.05; done; echo ended";
        using var interrupt = new CancellationTokenSource(Limit);
        var lines = new List<string>();
        var command = new Command("bash", "-c", Script)
        {
            OnLine = line =>
            {
                lines.Add(line);
                if (line == "ready")
                {
                    interrupt.Cancel();
                }
            },
        };

        var running = () => command.RunAsync(interrupt.Token);

        await running.Should().ThrowAsync<OperationCanceledException>();
        lines.Should().Equal("ready", "interrupted", "ended");
    }

    [Fact]
    public async Task A_command_is_in_no_process_group_of_a_terminal_whose_interrupt_would_be_a_second_one()
    {
        using var limit = new CancellationTokenSource(Limit);

        var result = await new Command(
            "bash", "-c", "read -r _ _ _ _ group session _ </proc/$$/stat; echo $$ $group $session").RunSuccessfullyAsync(limit.Token);

        result.Output.Trim().Split(' ').Distinct().Should().ContainSingle(result.Output);
    }

    [Fact]
    public async Task A_program_that_is_not_there_is_named_with_the_remedy()
    {
        using var limit = new CancellationTokenSource(Limit);

        var running = () => new Command("no-such-program").RunAsync(limit.Token);

        (await running.Should().ThrowAsync<FileNotFoundException>()).WithMessage("*no-such-program*PATH*Install*");
    }
}
