using Cdc.Cli.Output;
using Cdc.Harness;
using Cdc.Harness.Commands;
using Cdc.Harness.Local;

namespace Cdc.Cli.Setup;

/// <summary>Everything that has to be made before something runs; what is there already is left alone.</summary>
internal static class SetUp
{
    public static async Task AllAsync(CancellationToken cancellationToken)
    {
        await Steps.RunAsync("virtual environment (.local/venv)", () => VirtualEnvironment.EnsureAsync(cancellationToken));
        await Steps.RunAsync("jars (.local/jars)", () => Jars.EnsureAsync(cancellationToken));
        await Steps.RunAsync("PostgreSQL (.local/postgresql)", () => Postgres.EnsureAsync(cancellationToken));
        await Steps.RunAsync("local AWS and replicator built", () => BuildAsync(cancellationToken));
        await PackagesAsync(cancellationToken);
    }

    public static async Task PackagesAsync(CancellationToken cancellationToken)
    {
        foreach (var function in new[] { PackagedFunction.ForAws, PackagedFunction.ForThisMachine }.Distinct())
        {
            await Steps.RunAsync(
                $"function's zip (dist/{Path.GetFileName(function.Zip)})", () => Packages.DoorbellAsync(function, cancellationToken));
        }

        await Steps.RunAsync("job's package (dist/cdc.zip)", Packages.JobAsync);
    }

    private static async Task<string?> BuildAsync(CancellationToken cancellationToken)
    {
        var stamp = Path.Combine(RepositoryLayout.Local, "localaws.sha256");
        var fingerprint = Fingerprint.Of(SourceFiles.DotNet(["localaws/src"]), Environment.Version.ToString());
        if (File.Exists(LocalStack.Program) && Fingerprint.Matches(stamp, fingerprint))
        {
            return "unchanged";
        }

        await Session.Command(
            "dotnet",
            "build",
            Path.Combine(RepositoryLayout.Root, "localaws", "src", "LocalAws"),
            "-c",
            "Release",
            "-v",
            "quiet").RunSuccessfullyAsync(cancellationToken);
        await File.WriteAllTextAsync(stamp, fingerprint, cancellationToken);
        return null;
    }
}
