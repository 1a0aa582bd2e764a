using System.ComponentModel;
using System.Diagnostics;
using System.Text.RegularExpressions;

namespace LocalAws.Postgres;

/// <summary>A PostgreSQL server that this machine can run: its programs and its version.</summary>
/// <param name="Bin">Folder of <c>postgres</c> and <c>initdb</c>.</param>
/// <param name="Version">For example <c>17.10</c>.</param>
public sealed partial record PostgresDistribution(string Bin, string Version)
{
    /// <summary>The library that DMS decodes with; a server without it is of no use as a source.</summary>
    private const string DecodingLibrary = "test_decoding";

    private static readonly EnumerationOptions Everywhere = new() { RecurseSubdirectories = true };

    /// <summary>The major version, which decides what reads a data folder: <c>17</c> of <c>17.10</c>.</summary>
    public string Major => Version.Split('.')[0];

    /// <summary>The distribution of a folder of programs.</summary>
    /// <returns>
    /// Null when a server of there would not do: it lacks a program or <c>test_decoding</c>, or does not run on this machine.
    /// </returns>
    public static PostgresDistribution? At(string bin)
    {
        var postgres = Path.Combine(bin, Program("postgres"));
        if (!File.Exists(postgres) || !File.Exists(Path.Combine(bin, Program("initdb"))))
        {
            return null;
        }

        try
        {
            var version = VersionNumber().Match(Run(postgres, "--version"));
            var found = new PostgresDistribution(bin, version.Value);
            return version.Success && found.HasLibrary(DecodingLibrary) ? found : null;
        }
        catch (Exception failure) when (failure is InvalidOperationException or Win32Exception)
        {
            return null;
        }
    }

    /// <summary>What the server itself says of its parameters: name → context (<c>postmaster</c> needs a restart).</summary>
    public IReadOnlyDictionary<string, string> DescribeParameters()
    {
        var contexts = new Dictionary<string, string>(StringComparer.Ordinal);
        var description = Run(Path.Combine(Bin, Program("postgres")), "--describe-config");
        foreach (var line in description.Split('\n', StringSplitOptions.RemoveEmptyEntries))
        {
            var fields = line.Split('\t');
            contexts[fields[0]] = fields[1];
        }

        return contexts;
    }

    /// <summary>Whether the server can load the library.</summary>
    public bool HasLibrary(string library)
    {
        // Not always lib/ itself: PostgreSQL puts a folder named after itself between where the prefix does not name it.
        var folder = Path.Combine(Path.GetDirectoryName(Bin)!, "lib");
        return Directory.Exists(folder) && Directory.EnumerateFiles(folder, library + ".*", Everywhere).Any(
            file => Path.GetExtension(file) is ".so" or ".dylib" or ".dll");
    }

    /// <summary>The file name of a program on this system.</summary>
    public static string Program(string name) => OperatingSystem.IsWindows() ? name + ".exe" : name;

    private static string Run(string program, string argument)
    {
        var start = new ProcessStartInfo(program, [argument]) { RedirectStandardOutput = true, RedirectStandardError = true };
        using var process = Process.Start(start)!;
        // Both at once: a program that fills the pipe that nobody reads waits for ever.
        var errors = process.StandardError.ReadToEndAsync();
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return process.ExitCode == 0
            ? output
            : throw new InvalidOperationException(
                $"{program} {argument} ended with exit code {process.ExitCode}: {errors.GetAwaiter().GetResult().Trim()}");
    }

    [GeneratedRegex(@"\d+\.\d+")]
    private static partial Regex VersionNumber();
}
