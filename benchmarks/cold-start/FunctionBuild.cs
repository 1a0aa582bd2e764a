using System.Diagnostics;
using System.IO.Compression;

namespace Cdc.ColdStart;

/// <summary>One way of publishing the function.</summary>
/// <param name="Name">What it is called in the table.</param>
/// <param name="Folder">Where it is published to.</param>
/// <param name="ZipBytes">Bytes of its deployment package.</param>
internal sealed record FunctionBuild(string Name, string Folder, long ZipBytes)
{
    /// <summary>The program.</summary>
    public string Program => Path.Combine(Folder, "bootstrap");

    /// <summary>Publishes the function and zips what a deployment package would hold.</summary>
    /// <exception cref="InvalidOperationException">It does not build; the message has the build's output.</exception>
    public static async Task<FunctionBuild> PublishAsync(
        string repository, string name, string runtimeIdentifier, params string[] properties)
    {
        var folder = Path.Combine(repository, ".local", "publish", "cold-start", name);
        string[] arguments =
        [
            "publish", Path.Combine(repository, "lambda", "src"), "-c", "Release", "-r", runtimeIdentifier, "-o", folder, "-v", "quiet",
            // Intermediate files of its own: those of the other build would be taken for this one's.
            "--artifacts-path", Path.Combine(repository, ".local", "publish", "cold-start", name + "-build"), .. properties,
        ];
        using var process = Process.Start(new ProcessStartInfo("dotnet", arguments) { RedirectStandardOutput = true })!;
        var output = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        if (process.ExitCode != 0)
        {
            throw new InvalidOperationException($"The function does not build:\n{output}");
        }

        var zip = folder + ".zip";
        File.Delete(zip);
        await ZipFile.CreateFromDirectoryAsync(folder, zip, CompressionLevel.SmallestSize, includeBaseDirectory: false);
        return new FunctionBuild(name, folder, new FileInfo(zip).Length);
    }
}
