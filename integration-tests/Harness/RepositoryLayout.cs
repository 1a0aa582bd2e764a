namespace Cdc.Harness;

/// <summary>Where things lie in the checkout.</summary>
public static class RepositoryLayout
{
    /// <summary>The checkout that this program was built in.</summary>
    public static string Root { get; } = FindRoot();

    /// <summary>What is made here and never committed: tools, stacks, state.</summary>
    public static string Local { get; } = Path.Combine(Root, ".local");

    /// <summary>Python's packages for the job, moto and the linters.</summary>
    public static string VirtualEnvironment { get; } = Path.Combine(Local, "venv");

    /// <summary>The interpreter that sees those packages.</summary>
    public static string Python { get; } = Path.Combine(VirtualEnvironment, "bin", "python");

    /// <summary>What Spark needs beside its own jars: Iceberg and S3A.</summary>
    public static string Jars { get; } = Path.Combine(Local, "jars");

    /// <summary>PostgreSQL's servers, a folder for each major version.</summary>
    public static string Postgres { get; } = Path.Combine(Local, "postgresql");

    /// <summary>What the local AWS keeps between its runs because it is slow to make.</summary>
    public static string Cache { get; } = Path.Combine(Local, "cache");

    /// <summary>What Terraform uploads: the function's zip and the job's package.</summary>
    public static string Dist { get; } = Path.Combine(Root, "dist");

    /// <summary>Root module of an environment.</summary>
    public static string Environment(string name) => Path.Combine(Root, "environments", name);

    private static string FindRoot()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "global.json")) && Directory.Exists(
                Path.Combine(folder.FullName, "environments")))
            {
                return folder.FullName;
            }
        }

        throw new DirectoryNotFoundException($"{AppContext.BaseDirectory} is not inside a checkout of this repository.");
    }
}
