using System.Diagnostics;
using Cdc.Harness;
using Cdc.Harness.Commands;
using Cdc.Harness.Waiting;

namespace Cdc.Cli.Tests;

/// <summary>A command line that is asked to end takes with it what it started.</summary>
public sealed class SignalTests
{
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(3);

    [Theory]
    [InlineData("TERM", 143)]
    [InlineData("INT", 130)]
    [InlineData("HUP", 129)]
    public async Task A_signal_ends_the_program_and_the_local_AWS_beside_it(string signal, int expected)
    {
        using var limit = new CancellationTokenSource(Limit);
        var marker = Path.Combine(Path.GetTempPath(), $"cdc-signal-{Guid.NewGuid():n}");
        // The program says where its AWS is and by which process it runs, and waits.
        var script = $"trap 'exit 0' INT; echo \"$AWS_ENDPOINT_URL $$\" >'{marker}.next'; "
            + $"mv '{marker}.next' '{marker}'; "
            + "while :; do sleep 0.1; done";
        using var command = Process.Start("dotnet", [typeof(KnownFailure).Assembly.Location, "with-aws", "bash", "-c", script]);
        try
        {
            await Eventually.BecomesAsync("the program runs", _ => Task.FromResult(File.Exists(marker)), seen => seen, Limit, limit.Token);
            var parts = (await File.ReadAllTextAsync(marker, limit.Token)).Split(' ');
            var program = int.Parse(parts[1], System.Globalization.CultureInfo.InvariantCulture);
            var folder = Path.Combine(RepositoryLayout.Local, "stack", $"with-aws-{command.Id}");
            Directory.Exists(folder).Should().BeTrue();

            using (var kill = Process.Start("kill", [$"-{signal}", $"{command.Id}"]))
            {
                await kill.WaitForExitAsync(limit.Token);
            }

            await command.WaitForExitAsync(limit.Token);
            command.ExitCode.Should().Be(expected);
            Directory.Exists(folder).Should().BeFalse();
            Exists(program).Should().BeFalse();
            using var http = new HttpClient();
            var asking = () => http.GetAsync(new Uri($"{parts[0]}/_localaws/health"), limit.Token);
            await asking.Should().ThrowAsync<HttpRequestException>();
        }
        finally
        {
            command.Kill(entireProcessTree: true);
            File.Delete(marker);
        }
    }

    private static bool Exists(int id)
    {
        try
        {
            using var process = Process.GetProcessById(id);
            return true;
        }
        catch (ArgumentException)
        {
            return false;
        }
    }
}
