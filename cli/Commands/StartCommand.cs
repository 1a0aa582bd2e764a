using Cdc.Cli.Output;
using Cdc.Harness.Pipelines;
using Cdc.Harness.Pipelines.Preflight;
using Spectre.Console;

namespace Cdc.Cli.Commands;

/// <summary>Tests both connections, prepares the source and starts the task.</summary>
internal static class StartCommand
{
    public static async Task<int> RunAsync(CommandOptions options, CancellationToken cancellationToken)
    {
        await using var deployment = await Stack.OpenAsync(options, cancellationToken);
        await RunAsync(deployment, cancellationToken);
        return 0;
    }

    public static async Task RunAsync(Deployment deployment, CancellationToken cancellationToken)
    {
        await Steps.RunAsync("DMS connections tested", () => deployment.Replication.TestConnectionsAsync(cancellationToken));
        IReadOnlyList<Finding> losses = [];
        await Steps.RunAsync("source prepared", async () =>
        {
            losses = await deployment.Replication.PrepareSourceAsync(cancellationToken);
            return losses.Count == 0 ? "every change of every table is captured" : null;
        });
        foreach (var loss in losses)
        {
            AnsiConsole.MarkupLineInterpolated($"  [yellow]![/] {loss.Message}{(loss.Remedy is null ? "" : $" [grey]{loss.Remedy}[/]")}");
        }

        await Steps.RunAsync("DMS task runs", () => deployment.Replication.StartAsync(cancellationToken));
    }
}
