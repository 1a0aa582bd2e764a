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

    /// <summary>Gives a folder with all in it, or a file, to the user that the server runs as.</summary>
    public static void Own(string path)
    {
        if (IsRoot)
        {
            Run("chown", "-R", $"{User}:{Group()}", path);
        }
    }

    /// <summary>A distribution below a folder that only root can enter is copied to where the user can read it.</summary>
    /// <param name="folder">Gets the copy; it is the caller's to <see cref="Own"/> and to delete.</param>
    public static PostgresDistribution Readable(PostgresDistribution distribution, string folder)
    {
        if (!IsRoot || CanRead(Path.Combine(distribution.Bin, "postgres")))
        {
            return distribution;
        }

        var copy = Path.Combine(folder, "postgresql");
        Run("cp", "-r", Path.GetDirectoryName(distribution.Bin)!, copy);
        return distribution with { Bin = Path.Combine(copy, "bin") };
    }

    private static bool CanRead(string file)
    {
        var (program, prefix) = Command("test");
        using var process = Process.Start(program, [.. prefix, "-x", file]);
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
