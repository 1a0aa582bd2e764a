namespace Cdc.Harness;

/// <summary>Where things lie in the checkout.</summary>
public static class RepositoryLayout
{
    /// <summary>The checkout that this program was built in.</summary>
    public static string Root { get; } = FindRoot();

    /// <summary>What is made here and never committed: tools, stacks, state.</summary>
    public static string Local { get; } = Path.Combine(Root, ".local");

    public static string VirtualEnvironment { get; } = Path.Combine(Local, "venv");

    public static string Python { get; } = Path.Combine(VirtualEnvironment, "bin", "python");

    public static string Jars { get; } = Path.Combine(Local, "jars");

    /// <summary>PostgreSQL's servers, a folder for each major version.</summary>
    public static string Postgres { get; } = Path.Combine(Local, "postgresql");

    public static string Cache { get; } = Path.Combine(Local, "cache");

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
