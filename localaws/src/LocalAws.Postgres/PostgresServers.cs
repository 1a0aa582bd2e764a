using System.Globalization;

namespace LocalAws.Postgres;

/// <summary>The servers of this machine.</summary>
public static class PostgresServers
{
    /// <summary>One for each major version, oldest first: the installed one where there is one, else the embedded one.</summary>
    /// <param name="embedded">The folder that set-up fetches servers into.</param>
    public static IReadOnlyList<PostgresDistribution> Find(string embedded) =>
    [
        .. InstalledPostgres.Servers.Concat(EmbeddedPostgres.Servers(embedded))
            .DistinctBy(distribution => distribution.Major)
            .OrderBy(distribution => int.Parse(distribution.Major, CultureInfo.InvariantCulture)),
    ];
}
