using System.Diagnostics;
using Cdc.Harness.Commands;

namespace Cdc.Cli.Commands;

/// <summary>Programs that talk to the user themselves: they have this program's terminal, whose interrupt reaches both.</summary>
internal static class Attached
{
    /// <returns>The exit code.</returns>
    public static async Task<int> RunAsync(string program, IReadOnlyList<string> arguments, CancellationToken cancellationToken)
    {
        using var process = Process.Start(Programs.Find(program), arguments);
        await using var forwarded = cancellationToken.Register(() =>
        {
            // The terminal has interrupted it already; SIGTERM reaches this program alone, and Terraform ends in good order on it.
            if (Interruption.Current?.ReachesChildren == false)
            {
                Process.Start("kill", ["-TERM", $"{process.Id}"]).Dispose();
            }
        });
        await process.WaitForExitAsync(CancellationToken.None);
        cancellationToken.ThrowIfCancellationRequested();
        return process.ExitCode;
    }
}
