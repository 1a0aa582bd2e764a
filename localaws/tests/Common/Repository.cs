namespace LocalAws.Testing;

/// <summary>Where <c>make setup</c> puts what the tests need.</summary>
internal static class Repository
{
    public static string Root { get; } = Find();

    /// <summary>The repository's virtual environment, or the one that CDC_VENV names.</summary>
    public static string VirtualEnvironment { get; } =
        Environment.GetEnvironmentVariable("CDC_VENV") is { Length: > 0 } named ? named : Path.Combine(Root, ".local", "venv");

    public static string Python => Path.Combine(VirtualEnvironment, "bin", "python");

    public static string Jars => Path.Combine(Root, ".local", "jars");

    /// <summary>PostgreSQL's servers, a folder for each major version.</summary>
    public static string Postgres => Path.Combine(Root, ".local", "postgresql");

    public static string Cache => Path.Combine(Root, ".local", "cache");

    /// <summary>The replication task's program, of the configuration that these tests are built in.</summary>
    public static string Replicator
    {
        get
        {
            var framework = new DirectoryInfo(AppContext.BaseDirectory);
            return Path.Combine(
                Root, "localaws", "src", "LocalAws.Replication", "bin", framework.Parent!.Name, framework.Name, "replicator");
        }
    }

    private static string Find()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "global.json")))
        {
            folder = folder.Parent;
        }

        return folder?.FullName ?? throw new InvalidOperationException($"No global.json above {AppContext.BaseDirectory}.");
    }
}
