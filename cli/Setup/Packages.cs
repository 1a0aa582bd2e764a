using Cdc.Harness;
using Cdc.Harness.Commands;

namespace Cdc.Cli.Setup;

/// <summary>What Terraform deploys: the function's zip and the job's package.</summary>
internal static class Packages
{
    private static readonly string[] Sources = ["lambda/src", "clients"];

    public static async Task<string?> DoorbellAsync(PackagedFunction function, CancellationToken cancellationToken)
    {
        var fingerprint = Fingerprint.Of(SourceFiles.DotNet(Sources), Environment.Version.ToString());
        if (File.Exists(function.Zip) && Fingerprint.Matches(function.Stamp, fingerprint))
        {
            return "unchanged";
        }

        var output = Path.Combine(RepositoryLayout.Local, "publish", function.RuntimeIdentifier);
        var source = Path.Combine(RepositoryLayout.Root, "lambda", "src");
        await Session.Command("dotnet", "publish", source, "-c", "Release", "-r", function.RuntimeIdentifier, "-o", output, "-v", "quiet")
            .RunSuccessfullyAsync(cancellationToken);
        DeterministicZip.Write(
            function.Zip, new Dictionary<string, string> { ["bootstrap"] = Path.Combine(output, "bootstrap") }, "bootstrap");
        await File.WriteAllTextAsync(function.Stamp, fingerprint, cancellationToken);
        return $"{new FileInfo(function.Zip).Length / 1_000_000.0:F1} MB";
    }

    public static Task<string?> JobAsync()
    {
        var glue = Path.Combine(RepositoryLayout.Root, "glue");
        var target = Path.Combine(RepositoryLayout.Dist, "cdc.zip");
        DeterministicZip.Write(
            target,
            SourceFiles.In(Path.Combine(glue, "cdc"), ".py").ToDictionary(file => Path.GetRelativePath(glue, file).Replace('\\', '/')));
        return Task.FromResult<string?>($"{new FileInfo(target).Length / 1000.0:F1} kB");
    }
}
