using Cdc.Harness;
using Cdc.Harness.Commands;

namespace Cdc.Cli.Setup;

/// <summary>The virtual environment of the local AWS, the job and their tests, from pinned requirements.</summary>
internal static class VirtualEnvironment
{
    public static async Task<string?> EnsureAsync(CancellationToken cancellationToken)
    {
        var python = Environment.GetEnvironmentVariable("PYTHON") ?? "python3.11";
        var stamp = Path.Combine(RepositoryLayout.VirtualEnvironment, "requirements.sha256");
        string[] requirements = ["requirements-dev.txt", "localaws/requirements.txt", "glue/requirements.txt"];
        var fingerprint = Fingerprint.Of(requirements.Select(file => Path.Combine(RepositoryLayout.Root, file)));
        if (File.Exists(RepositoryLayout.Python) && Fingerprint.Matches(stamp, fingerprint))
        {
            return "already there";
        }

        if (!File.Exists(RepositoryLayout.Python))
        {
            await Session.Command(python, "-m", "venv", "--clear", RepositoryLayout.VirtualEnvironment)
                .RunSuccessfullyAsync(cancellationToken);
        }

        await PipInstall.RunAsync(RepositoryLayout.Python, Path.Combine(RepositoryLayout.Root, "requirements-dev.txt"), cancellationToken);
        await File.WriteAllTextAsync(stamp, fingerprint, cancellationToken);
        return null;
    }
}
