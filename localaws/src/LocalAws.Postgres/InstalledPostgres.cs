using System.Globalization;
using System.Text.RegularExpressions;

namespace LocalAws.Postgres;

/// <summary>What the system's package manager installed: Debian's and Ubuntu's, Red Hat's, Homebrew's layouts.</summary>
public static partial class InstalledPostgres
{
    private static readonly (string Root, string Pattern)[] Layouts =
    [
        ("/usr/lib/postgresql", "*"),
        ("/usr", "pgsql-*"),
        ("/opt/homebrew/opt", "postgresql@*"),
        ("/usr/local/opt", "postgresql@*"),
    ];

    /// <summary>Folders of programs, of servers as of clients; the newest version first.</summary>
    public static IEnumerable<string> ProgramFolders => Layouts
        .Where(layout => Directory.Exists(layout.Root))
        .SelectMany(layout => Directory.EnumerateDirectories(layout.Root, layout.Pattern))
        .OrderByDescending(MajorOf)
        .Select(folder => Path.Combine(folder, "bin"))
        .Where(Directory.Exists);

    /// <summary>The servers that can be used.</summary>
    public static IEnumerable<PostgresDistribution> Servers =>
        ProgramFolders.Select(PostgresDistribution.At).OfType<PostgresDistribution>();

    private static int MajorOf(string folder) =>
        int.TryParse(Major().Match(folder).Value, NumberStyles.None, CultureInfo.InvariantCulture, out var major) ? major : 0;

    [GeneratedRegex(@"\d+$")]
    private static partial Regex Major();
}
