using LocalAws.Hosting;

namespace LocalAws.Tests.Hosting;

public sealed class ProgramOutputTests
{
    [Fact]
    public async Task A_program_that_fills_both_pipes_comes_to_its_end()
    {
        var reading = Task.Run(() => ProgramOutput.Read("bash", "-c", "seq 1 50000 >&2; seq 50001 100000"));

        var output = await reading.WaitAsync(TimeSpan.FromSeconds(60));

        output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Should().HaveCount(100_000);
    }

    [Fact]
    public void A_program_that_is_not_there_is_named()
    {
        var reading = () => ProgramOutput.Read("no-such-program");

        reading.Should().Throw<InvalidOperationException>().WithMessage("no-such-program cannot be started: *");
    }
}
