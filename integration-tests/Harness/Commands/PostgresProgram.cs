using LocalAws.Postgres;

namespace Cdc.Harness.Commands;

/// <summary>
/// PostgreSQL's client programs, which only tests and measurements need: what makes and moves the rows does without. The embedded servers
/// bring none.
/// </summary>
public static class PostgresProgram
{
    /// <summary>The program on the search path, else that of the newest PostgreSQL that is installed.</summary>
    /// <exception cref="FileNotFoundException">It is nowhere; the message says what to install.</exception>
    public static string Find(string name)
    {
        var path = System.Environment.GetEnvironmentVariable("PATH") ?? "";
        return Find(name, [.. path.Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries), .. InstalledPostgres.ProgramFolders]);
    }

    /// <summary>The program in the first folder that has it.</summary>
    /// <param name="name">Its name without an extension, e.g. <c>pgbench</c>.</param>
    /// <param name="folders">Where to look, in this order.</param>
    public static string Find(string name, IEnumerable<string> folders) =>
        folders.Select(folder => Path.Combine(folder, PostgresDistribution.Program(name))).FirstOrDefault(File.Exists)
            ?? throw new FileNotFoundException(
                $"There is no {name}, neither on the PATH nor in an installed PostgreSQL. Tests and measurements "
                + "need PostgreSQL's programs, "
                + "of any version from 15 on. Debian and Ubuntu: apt install postgresql; macOS: brew install postgresql@17; or put their "
                + "folder on the PATH.",
                name);
}
