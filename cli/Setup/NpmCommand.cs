using Cdc.Harness.Commands;

namespace Cdc.Cli.Setup;

/// <summary>npm itself, which knows its user's registry, proxy and login.</summary>
internal sealed class NpmCommand(string program) : IPackageSource
{
    public async Task<string> DescribeAsync(CancellationToken cancellationToken)
    {
        var result = await Session.Command(program, "config", "get", "registry").RunAsync(cancellationToken);
        return Uri.TryCreate(result.StandardOutput.Trim(), UriKind.Absolute, out var registry)
            ? NpmRegistry.Shown(registry)
            : "npm's registry";
    }

    public async Task<string> FetchAsync(PostgresPackage package, string folder, CancellationToken cancellationToken)
    {
        var pack =
            Session.Command(program, "pack", package.Specifier, "--pack-destination", folder, "--ignore-scripts", "--loglevel", "error")
            .WithWorkingDirectory(folder);
        try
        {
            await pack.RunSuccessfullyAsync(cancellationToken);
        }
        catch (CommandFailedException failure)
        {
            throw new PackageFetchException(failure.Message);
        }

        return Directory.GetFiles(folder, "*.tgz").Single();
    }
}
