using System.Runtime.InteropServices;
using Cdc.Cli.Interface;
using Cdc.Harness;
using LocalAws.Postgres;

namespace Cdc.Cli.Setup;

/// <summary>The servers that DB instances of the local AWS run.</summary>
internal static class Postgres
{
    private static string Platform => string.Concat(
        OperatingSystem.IsMacOS() ? "darwin" : OperatingSystem.IsWindows() ? "windows" : "linux",
        "-",
        RuntimeInformation.OSArchitecture.ToString().ToLowerInvariant());

    public static async Task<string?> EnsureAsync(CancellationToken cancellationToken)
    {
        var pins = File.ReadLines(Path.Combine(RepositoryLayout.Root, "localaws", "postgresql.txt"))
            .Where(line => line.Length > 0 && line[0] != '#')
            .Select(PostgresPackage.Parse)
            .Where(package => package.Platform == Platform)
            .ToList();
        var installed = InstalledPostgres.Servers.Select(server => server.Major).Distinct().ToList();
        if (pins.Count == 0 && installed.Count == 0)
        {
            throw new UsageException(
                $"localaws/postgresql.txt names no PostgreSQL for {Platform}. Install one, its server included, "
                + "with your package manager.");
        }

        var source = PackageSources.Choose(
            Environment.GetEnvironmentVariable("PATH"), Environment.GetEnvironmentVariable(PackageSources.RegistryVariable));
        return await new PostgresPackages(RepositoryLayout.Postgres, source).EnsureAsync(pins, installed, cancellationToken);
    }
}
