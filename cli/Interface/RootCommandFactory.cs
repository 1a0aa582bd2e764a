using System.CommandLine;
using Cdc.Cli.Commands;

namespace Cdc.Cli.Interface;

/// <summary>All commands.</summary>
internal static class RootCommandFactory
{
    public static RootCommand Create() => new("The commands of the CDC pipeline; `make help` lists them as make has them.")
    {
        DemoCommand.Create(),
        UpCommand.Create(),
        PlanCommand.Create(),
        ApplyCommand.Create(),
        StartCommand.Create(),
        ReloadCommand.Create(),
        StatusCommand.Create(),
        LogsCommand.Create(),
        RunJobCommand.Create(),
        QueryCommand.Create(),
        RedriveCommand.Create(),
        DestroyCommand.Create(),
        DownCommand.Create(),
        SetUpCommand.Create(),
        PackageCommand.Create(),
        WithAwsCommand.Create(),
        CompletionCommand.Create(),
    };
}
