namespace LocalAws.Tests.Harness;

/// <summary>Where `make setup` puts what the tests need.</summary>
public static class Repository
{
    public static string Root { get; } = Find();

    public static string Python => Path.Combine(Environment.GetEnvironmentVariable("CDC_VENV") ?? Path.Combine(Root, ".local", "venv"), "bin", "python");

    public static string Jars => Path.Combine(Root, ".local", "jars");

    public static string Cache => Path.Combine(Root, ".local", "cache");

    /// <summary>The replication task's program, of the configuration that these tests are built in.</summary>
    public static string Replicator
    {
        get
        {
            var framework = new DirectoryInfo(AppContext.BaseDirectory);
            return Path.Combine(Root, "localaws", "src", "LocalAws.Replication", "bin", framework.Parent!.Name, framework.Name, "replicator");
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
