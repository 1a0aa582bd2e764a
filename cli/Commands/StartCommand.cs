using Cdc.Cli.Output;
using Cdc.Harness.Pipelines;

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
        await Steps.RunAsync("source prepared", () => deployment.Replication.PrepareSourceAsync(cancellationToken));
        await Steps.RunAsync("DMS task runs", () => deployment.Replication.StartAsync(cancellationToken));
    }
}
