using System.CommandLine;
using Cdc.Cli.Environments;
using Cdc.Cli.Interface;
using Cdc.Cli.Output;
using Cdc.Harness.Pipelines;
using Cdc.Harness.Pipelines.Preflight;
using Spectre.Console;

namespace Cdc.Cli.Commands;

/// <summary>Tests both connections, prepares the source and starts the task.</summary>
internal static class StartCommand
{
    public static Command Create() =>
        new EnvironmentCommand("start", "Test the connections, check and prepare the source, start the DMS task.", RunAsync);

    private static async Task<int> RunAsync(TargetedEnvironment environment, CancellationToken cancellationToken)
    {
        await environment.EnterAsync(cancellationToken);
        await using var deployment = await environment.OpenAsync(cancellationToken);
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
