using System.CommandLine;
using Cdc.Cli.Interface;
using Cdc.Cli.Output;

namespace Cdc.Cli.Commands;

/// <summary>Stops the local AWS and removes everything of it, the environments that were applied there included.</summary>
internal static class DownCommand
{
    public static Command Create() =>
        new LocalPlaceCommand("down", "Stop the local AWS and clear processes, ports and folders.", async (aws, cancellationToken) =>
    {
        await Steps.RunAsync(
            $"local AWS of port {aws.Port} stopped, its processes and data cleared", () => aws.ClearAsync(cancellationToken));
        return 0;
    });
}
