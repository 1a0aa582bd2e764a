using Cdc.Harness;
using Cdc.Harness.Commands;

namespace Cdc.Cli.Setup;

/// <summary>What Terraform deploys: the function's zip and the job's package.</summary>
internal static class Packages
{
    private static readonly string[] DoorbellSources = ["lambda/src", "clients"];
    private static readonly string[] BuildFiles = ["Directory.Build.props", "Directory.Packages.props", "global.json"];

    public static async Task<string?> DoorbellAsync(CancellationToken cancellationToken)
    {
        var target = Path.Combine(RepositoryLayout.Dist, "doorbell.zip");
        var stamp = Path.Combine(RepositoryLayout.Local, "doorbell.sha256");
        var sources = DoorbellSources.SelectMany(folder => Sources(Path.Combine(RepositoryLayout.Root, folder), ".cs", ".csproj"))
            .Concat(BuildFiles.Select(file => Path.Combine(RepositoryLayout.Root, file)));
        var fingerprint = Fingerprint.Of(sources, Environment.Version.ToString());
        if (File.Exists(target) && Fingerprint.Matches(stamp, fingerprint))
        {
            return "unchanged";
        }

        var output = Path.Combine(RepositoryLayout.Local, "publish", "doorbell");
        await new Command("dotnet", "publish", Path.Combine(RepositoryLayout.Root, "lambda", "src"), "-c", "Release", "-r", "linux-x64", "-o", output, "-v", "quiet").RunSuccessfullyAsync(cancellationToken);
        DeterministicZip.Write(target, new Dictionary<string, string> { ["bootstrap"] = Path.Combine(output, "bootstrap") }, "bootstrap");
        await File.WriteAllTextAsync(stamp, fingerprint, cancellationToken);
        return $"{new FileInfo(target).Length / 1_000_000.0:F1} MB";
    }

    public static Task<string?> JobAsync()
    {
        var glue = Path.Combine(RepositoryLayout.Root, "glue");
        var target = Path.Combine(RepositoryLayout.Dist, "cdc.zip");
        DeterministicZip.Write(target, Sources(Path.Combine(glue, "cdc"), ".py").ToDictionary(file => Path.GetRelativePath(glue, file).Replace('\\', '/')));
        return Task.FromResult<string?>($"{new FileInfo(target).Length / 1000.0:F1} kB");
    }

    private static IEnumerable<string> Sources(string folder, params string[] extensions) =>
        Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories)
            .Where(file => extensions.Contains(Path.GetExtension(file)))
            .Where(file => !Path.GetRelativePath(folder, file).Split(Path.DirectorySeparatorChar).Any(part => part is "bin" or "obj" or "__pycache__"));
}
