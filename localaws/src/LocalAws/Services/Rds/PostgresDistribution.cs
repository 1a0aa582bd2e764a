using System.Diagnostics;
using System.Text.RegularExpressions;

namespace LocalAws.Services.Rds;

/// <summary>An installed PostgreSQL: its programs and its version.</summary>
/// <param name="Bin">Folder of <c>postgres</c>, <c>initdb</c>, <c>pg_ctl</c>.</param>
/// <param name="Version">For example <c>16.2</c>.</param>
public sealed partial record PostgresDistribution(string Bin, string Version)
{
    public string Major => Version.Split('.')[0];

    /// <summary>The servers of this machine: the pgserver wheel's, then those of the system's packages; one for each major version.</summary>
    public static IReadOnlyList<PostgresDistribution> Find(string python)
    {
        var environment = Path.GetDirectoryName(Path.GetDirectoryName(python))!;
        var folders = Glob(Path.Combine(environment, "lib"), "python*/site-packages/pgserver/pginstall/bin")
            .Concat(Glob("/usr/lib/postgresql", "*/bin"))
            .Concat(Glob("/opt/homebrew/opt", "postgresql@*/bin"))
            .Concat(Glob("/usr/local/opt", "postgresql@*/bin"));
        return [.. folders
            .Where(folder => File.Exists(Path.Combine(folder, "postgres")) && File.Exists(Path.Combine(folder, "initdb")))
            .Select(folder => new PostgresDistribution(folder, VersionOf(Path.Combine(folder, "postgres"))))
            .DistinctBy(distribution => distribution.Major)
            .OrderBy(distribution => int.Parse(distribution.Major, System.Globalization.CultureInfo.InvariantCulture))];
    }

    /// <summary>What the server itself says of its parameters: name → context (<c>postmaster</c> needs a restart).</summary>
    public IReadOnlyDictionary<string, string> DescribeParameters()
    {
        var contexts = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var line in Run(Path.Combine(Bin, "postgres"), "--describe-config").Split('\n', StringSplitOptions.RemoveEmptyEntries))
        {
            var fields = line.Split('\t');
            contexts[fields[0]] = fields[1];
        }

        return contexts;
    }

    /// <summary>Whether the server can load the library.</summary>
    public bool HasLibrary(string library)
    {
        var root = Path.GetDirectoryName(Bin)!;
        return Directory.Exists(root) && Directory.EnumerateFiles(root, library + ".*", SearchOption.AllDirectories).Any(
            file => Path.GetExtension(file) is ".so" or ".dylib");
    }

    private static string VersionOf(string postgres) => VersionNumber().Match(Run(postgres, "--version")).Value;

    private static string Run(string program, params string[] arguments)
    {
        var start = new ProcessStartInfo(program) { RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (var argument in arguments)
        {
            start.ArgumentList.Add(argument);
        }

        using var process = Process.Start(start)!;
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return output;
    }

    private static IEnumerable<string> Glob(string root, string pattern)
    {
        IEnumerable<string> folders = Directory.Exists(root) ? [root] : [];
        foreach (var part in pattern.Split('/'))
        {
            folders = folders.Where(Directory.Exists).SelectMany(folder => Directory.EnumerateDirectories(folder, part));
        }

        return folders;
    }

    [GeneratedRegex(@"\d+\.\d+")]
    private static partial Regex VersionNumber();
}
