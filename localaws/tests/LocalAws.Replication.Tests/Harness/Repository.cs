namespace LocalAws.Replication.Tests.Harness;

/// <summary>Places outside the test's own output.</summary>
internal static class Repository
{
    /// <summary>The repository's virtual environment, or the one that CDC_VENV names.</summary>
    public static string VirtualEnvironment { get; } =
        Environment.GetEnvironmentVariable("CDC_VENV") is { Length: > 0 } named ? named : Path.Combine(Root(), ".local", "venv");

    public static string Python => Path.Combine(VirtualEnvironment, "bin", "python");

    private static string Root()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "Directory.Packages.props")))
        {
            folder = folder.Parent;
        }

        return folder?.FullName ?? throw new InvalidOperationException("The tests do not run below the repository.");
    }
}
