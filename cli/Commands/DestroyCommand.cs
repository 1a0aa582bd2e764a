using System.CommandLine;
using Cdc.Cli.Interface;

namespace Cdc.Cli.Commands;

/// <summary>Destroys an environment by Terraform; the local AWS and what else lives there stays.</summary>
internal static class DestroyCommand
{
    public static Command Create() =>
        new EnvironmentCommand("destroy", "terraform destroy of the environment.", async (environment, cancellationToken) =>
    {
        await environment.EnterAsync(cancellationToken);
        await environment.DestroyAsync(cancellationToken);
        return 0;
    });
}
