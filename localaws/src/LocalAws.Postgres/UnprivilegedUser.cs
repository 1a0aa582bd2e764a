using System.Diagnostics;

namespace LocalAws.Postgres;

/// <summary>PostgreSQL refuses to run as root; where we are root (containers, CI) it runs as <c>nobody</c>.</summary>
public static class UnprivilegedUser
{
    private const string User = "nobody";

    private static bool IsRoot => !OperatingSystem.IsWindows() && Environment.UserName == "root";

    /// <summary>The program to start and the arguments that come before its own.</summary>
    public static (string Program, IReadOnlyList<string> Prefix) Command(string program) =>
        IsRoot ? ("setpriv", ["--reuid", User, "--regid", Group(), "--clear-groups", program]) : (program, []);

    /// <summary>Makes a folder that the server's user can reach, and nobody but its owner can enter.</summary>
    /// <param name="prefix">The start of its name.</param>
    /// <exception cref="InvalidOperationException">There is no such place; the message names those that were tried.</exception>
    public static string CreateFolder(string prefix)
    {
        var temporary = Path.GetTempPath();
        if (OperatingSystem.IsWindows() || !IsRoot)
        {
            return Directory.CreateTempSubdirectory(prefix).FullName;
        }

        // Root's own temporary folder may be one that nobody else can enter, and so may its parents.
        string[] places =
        [
            .. new[] { temporary, "/tmp", "/var/tmp" }.Select(Path.TrimEndingDirectorySeparator).Distinct(StringComparer.Ordinal)
        ];
        var place = places.FirstOrDefault(place => Directory.Exists(place) && Can("-x", place)) ?? throw new InvalidOperationException(
            $"PostgreSQL does not run as root, and its user {User} can enter none of {string.Join(", ", places)}. "
            + "Set TMPDIR to a folder that every user can enter.");
        var folder = Path.Combine(place, prefix + Guid.NewGuid().ToString("N")[..8]);
        Directory.CreateDirectory(folder, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        return folder;
    }

    /// <summary>Gives a folder with all in it, or a file, to the user that the server runs as.</summary>
    public static void Own(string path)
    {
        if (IsRoot)
        {
            Run("chown", "-R", $"{User}:{Group()}", path);
        }
    }

    /// <summary>A distribution below a folder that only root can enter is copied to where the user can read it.</summary>
    /// <param name="distribution">The one that may lie where the user cannot read.</param>
    /// <param name="folder">Gets the copy; it is the caller's to <see cref="Own"/> and to delete.</param>
    public static PostgresDistribution Readable(PostgresDistribution distribution, string folder)
    {
        if (!IsRoot || Can("-x", Path.Combine(distribution.Bin, "postgres")))
        {
            return distribution;
        }

        var copy = Path.Combine(folder, "postgresql");
        Run("cp", "-r", Path.GetDirectoryName(distribution.Bin)!, copy);
        return distribution with { Bin = Path.Combine(copy, "bin") };
    }

    /// <summary>Whether a test of the program <c>test</c> holds for the server's user.</summary>
    private static bool Can(string test, string path)
    {
        var (program, prefix) = Command("test");
        using var process = Process.Start(program, [.. prefix, test, path]);
        process.WaitForExit();
        return process.ExitCode == 0;
    }

    /// <summary>Debian calls nobody's group nogroup, others nobody.</summary>
    private static string Group() =>
        File.ReadLines("/etc/group").Any(line => line.StartsWith("nogroup:", StringComparison.Ordinal)) ? "nogroup" : "nobody";

    private static void Run(string program, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments))!;
        process.WaitForExit();
        if (process.ExitCode != 0)
        {
            throw new InvalidOperationException($"{program} {string.Join(' ', arguments)} failed with exit code {process.ExitCode}.");
        }
    }
}
