using System.CommandLine;
using System.Text.RegularExpressions;
using Cdc.Cli.Setup;

namespace Cdc.Cli.Commands;

/// <summary>Builds what Terraform deploys and, for a version, the archive that a root takes its modules from.</summary>
internal static partial class PackageCommand
{
    public static Command Create()
    {
        var version = new Option<string?>("--version")
        {
            Description = "Also writes dist/cdc-pipeline-VERSION.zip: modules and packages, a module source by itself.",
            HelpName = "VERSION",
        };
        version.Validators.Add(result =>
        {
            if (result.Tokens is [var given] && !Version().IsMatch(given.Value))
            {
                result.AddError($"VERSION={given.Value} is none: give one such as 1.2.3 or 1.2.3-rc.1.");
            }
        });
        var command = new Command("package", "Build what Terraform deploys: dist/doorbell.zip and dist/cdc.zip.") { version };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            await SetUp.PackagesAsync(cancellationToken);
            if (parsed.GetValue(version) is { } wanted)
            {
                await Output.Steps.RunAsync($"archive (dist/cdc-pipeline-{wanted}.zip)", async () =>
                {
                    var path = await ReleaseArchive.WriteAsync(wanted, cancellationToken);
                    return $"{new FileInfo(path).Length / 1_000_000.0:F1} MB, checksum beside it";
                });
            }
        });
        return command;
    }

    [GeneratedRegex(@"^\d+\.\d+\.\d+(-[0-9A-Za-z.-]+)?$")]
    private static partial Regex Version();
}
