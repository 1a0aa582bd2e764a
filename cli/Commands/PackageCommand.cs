using System.CommandLine;
using Cdc.Cli.Setup;

namespace Cdc.Cli.Commands;

/// <summary>Builds what Terraform deploys.</summary>
internal static class PackageCommand
{
    public static Command Create()
    {
        var command = new Command("package", "Build what Terraform deploys: dist/doorbell.zip and dist/cdc.zip.");
        command.SetAction((_, cancellationToken) => SetUp.PackagesAsync(cancellationToken));
        return command;
    }
}
