using System.CommandLine;
using Cdc.Cli.Interface;

namespace Cdc.Cli.Commands;

/// <summary>Applies an environment by Terraform.</summary>
internal static class ApplyCommand
{
    public static Command Create() =>
        new EnvironmentCommand("apply", "terraform init and apply of the environment.", async (environment, cancellationToken) =>
    {
        await environment.EnterAsync(cancellationToken);
        await environment.ApplyAsync(cancellationToken);
        return 0;
    });
}
