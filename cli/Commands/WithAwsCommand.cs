using System.Diagnostics;
using Cdc.Harness;
using Cdc.Harness.Local;

namespace Cdc.Cli.Commands;

/// <summary>Runs a program beside a local AWS of its own, which is gone when the program ends: <c>cdc with-aws PROGRAM ARGUMENT…</c>.</summary>
internal static class WithAwsCommand
{
    public static async Task<int> RunAsync(IReadOnlyList<string> command, CancellationToken cancellationToken)
    {
        var stack = new LocalStack(Path.Combine(RepositoryLayout.Local, "stack", "with-aws"));
        var port = FreePort.Next();
        await stack.StartAsync(port, cancellationToken);
        try
        {
            AwsEnvironment.Enter(port);
            // Its output is the terminal's own; an interrupt reaches it as it reaches this program.
            using var process = Process.Start(command[0], command.Skip(1));
            await process.WaitForExitAsync(CancellationToken.None);
            return process.ExitCode;
        }
        finally
        {
            await stack.StopAsync(CancellationToken.None);
        }
    }
}
