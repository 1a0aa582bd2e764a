using System.CommandLine;
using Cdc.Cli.Setup;

namespace Cdc.Cli.Commands;

/// <summary>Makes what has to be there before something runs.</summary>
internal static class SetUpCommand
{
    public static Command Create()
    {
        var command = new Command("setup", "Make what is missing: virtual environment, jars, PostgreSQL, builds, packages.");
        command.SetAction((_, cancellationToken) => SetUp.AllAsync(cancellationToken));
        return command;
    }
}
