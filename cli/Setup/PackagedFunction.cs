using System.Runtime.InteropServices;
using Cdc.Harness;

namespace Cdc.Cli.Setup;

/// <summary>
/// The function's zip. AWS runs it on Linux; the local AWS runs a function as a process of this machine, so that another machine than one
/// of x86-64 Linux needs a zip of its own there.
/// </summary>
/// <param name="RuntimeIdentifier">What .NET calls the machine, such as <c>linux-x64</c>.</param>
internal sealed record PackagedFunction(string RuntimeIdentifier)
{
    /// <summary>What Terraform deploys to an account (<c>architecture = "x86_64"</c>, the default of modules/lambda).</summary>
    public static PackagedFunction ForAws { get; } = new("linux-x64");

    /// <summary>What the local AWS can run here.</summary>
    public static PackagedFunction ForThisMachine { get; } = new(
        $"{(OperatingSystem.IsMacOS() ? "osx" : "linux")}-"
            + $"{(RuntimeInformation.ProcessArchitecture == Architecture.Arm64 ? "arm64" : "x64")}");

    public string Zip => Path.Combine(RepositoryLayout.Dist, this == ForAws ? "doorbell.zip" : $"doorbell-{RuntimeIdentifier}.zip");

    /// <summary>Where the build keeps from which sources the zip was made.</summary>
    public string Stamp => Path.Combine(RepositoryLayout.Local, Path.ChangeExtension(Path.GetFileName(Zip), "sha256"));
}
