using Cdc.Cli.Setup;
using Spectre.Console;

namespace Cdc.Cli.Commands;

/// <summary>Finds the command that was asked for.</summary>
internal static class CommandLine
{
    private static readonly SortedDictionary<string, (string Help, Func<CommandOptions, CancellationToken, Task<int>> Run)> Commands = new(StringComparer.Ordinal)
    {
        ["setup"] = ("makes what is missing", SetUpAsync),
        ["package"] = ("builds what Terraform deploys", PackageAsync),
        ["up"] = ("starts the local AWS", UpAsync),
        ["apply"] = ("terraform init and apply", ApplyAsync),
        ["demo"] = ("the whole pipeline, from nothing to compared tables", DemoCommand.RunAsync),
        ["start"] = ("tests the connections, prepares the source, starts the task", StartCommand.RunAsync),
        ["status"] = ("task, tables, runs and processes", StatusCommand.RunAsync),
        ["logs"] = ("latest lines of task, function and job", LogsCommand.RunAsync),
        ["run-job"] = ("starts the Glue job by hand and follows it", RunJobCommand.RunAsync),
        ["query"] = ("runs --sql over the final tables", QueryCommand.RunAsync),
        ["down"] = ("stops the local AWS and clears what is left", Stack.DownAsync),
    };

    public static async Task<int> RunAsync(string[] args, CancellationToken cancellationToken)
    {
        if (args is ["with-aws", _, ..])
        {
            return await WithAwsCommand.RunAsync(args[1..], cancellationToken);
        }

        if (args.Length == 0 || !Commands.TryGetValue(args[0], out var command))
        {
            AnsiConsole.WriteLine(
                $"Usage: cdc COMMAND [--env NAME] [--port N]\n{string.Join('\n', Commands.Select(item => $"  {item.Key,-10} {item.Value.Help}"))}");
            return 2;
        }

        var options = CommandOptions.Parse(args[1..]);
        options.Enter();
        return await command.Run(options, cancellationToken);
    }

    private static async Task<int> SetUpAsync(CommandOptions options, CancellationToken cancellationToken)
    {
        await SetUp.AllAsync(cancellationToken);
        return 0;
    }

    private static async Task<int> PackageAsync(CommandOptions options, CancellationToken cancellationToken)
    {
        await SetUp.PackagesAsync(cancellationToken);
        return 0;
    }

    private static async Task<int> UpAsync(CommandOptions options, CancellationToken cancellationToken)
    {
        await SetUp.AllAsync(cancellationToken);
        await Stack.UpAsync(options, cancellationToken);
        return 0;
    }

    private static async Task<int> ApplyAsync(CommandOptions options, CancellationToken cancellationToken)
    {
        await options.RequireRunningAsync(cancellationToken);
        await Stack.ApplyAsync(options, cancellationToken);
        return 0;
    }
}
