using System.Security.Cryptography;
using Cdc.Harness;

namespace Cdc.Cli.Setup;

/// <summary>
/// All that a root needs of this repository in one zip: the modules with what they deploy, at the places where
/// <c>modules/pipeline</c> looks for it. It is a module source by itself: <c>https://…/cdc-pipeline-1.2.3.zip//modules/pipeline</c>.
/// </summary>
internal static class ReleaseArchive
{
    /// <summary>Writes the zip, its checksum beside it (as <c>sha256sum</c> has it), and says where.</summary>
    /// <param name="version">What its name tells.</param>
    /// <exception cref="FileNotFoundException">A package was not built before.</exception>
    public static async Task<string> WriteAsync(string version, CancellationToken cancellationToken)
    {
        var path = Path.Combine(RepositoryLayout.Dist, $"cdc-pipeline-{version}.zip");
        DeterministicZip.Write(path, Entries());
        await using var content = File.OpenRead(path);
        var checksum = Convert.ToHexStringLower(await SHA256.HashDataAsync(content, cancellationToken));
        await File.WriteAllTextAsync($"{path}.sha256", $"{checksum}  {Path.GetFileName(path)}\n", cancellationToken);
        return path;
    }

    private static Dictionary<string, string> Entries()
    {
        var modules = Path.Combine(RepositoryLayout.Root, "modules");
        var entries = SourceFiles.In(modules, ".tf", ".md")
            .Select(file => Path.GetRelativePath(RepositoryLayout.Root, file).Replace('\\', '/'))
            // What tests need, and what Terraform leaves where they ran.
            .Where(name => !name.Split('/').Any(part => part is "tests" or ".terraform"))
            .ToList();
        entries.AddRange(["glue/job.py", "dist/cdc.zip", "dist/doorbell.zip", "CHANGELOG.md", "LICENSE"]);
        return entries.ToDictionary(name => name, name => Path.Combine(RepositoryLayout.Root, name));
    }
}
