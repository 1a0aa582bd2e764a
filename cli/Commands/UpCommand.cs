using System.CommandLine;
using Cdc.Cli.Interface;
using Cdc.Cli.Output;
using Cdc.Cli.Places;
using Cdc.Cli.Setup;
using Cdc.Harness.Local;
using Spectre.Console;

namespace Cdc.Cli.Commands;

/// <summary>Starts the local AWS and says how any other program reaches it.</summary>
internal static class UpCommand
{
    public static Command Create() => new LocalPlaceCommand("up", "Start the local AWS.", RunAsync);

    /// <summary>Starts the local AWS; one that runs is used again.</summary>
    public static Task StartAsync(LocalPlace aws, CancellationToken cancellationToken) => Steps.RunAsync("local AWS", async () =>
    {
        if (await aws.Stack.IsRunningAsync(cancellationToken))
        {
            return $"runs already, port {aws.Port}";
        }

        await aws.StartAsync(cancellationToken);
        return $"port {aws.Port}, log {aws.Stack.LogFile}";
    });

    private static async Task<int> RunAsync(LocalPlace aws, CancellationToken cancellationToken)
    {
        await SetUp.AllAsync(cancellationToken);
        await StartAsync(aws, cancellationToken);
        AnsiConsole.WriteLine("\nTerraform, the aws command and every SDK reach it with:");
        foreach (var export in AwsEnvironment.Exports(aws.Port))
        {
            AnsiConsole.WriteLine($"  export {export}");
        }

        return 0;
    }
}
