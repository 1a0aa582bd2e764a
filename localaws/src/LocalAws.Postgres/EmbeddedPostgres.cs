namespace LocalAws.Postgres;

/// <summary>What set-up fetched: a folder for each major version, named by it, with <c>bin</c>, <c>lib</c> and <c>share</c>.</summary>
public static class EmbeddedPostgres
{
    /// <summary>The servers below the folder; none when it is not there.</summary>
    public static IEnumerable<PostgresDistribution> Servers(string folder) =>
        (Directory.Exists(folder) ? Directory.EnumerateDirectories(folder) : [])
        // What is being unpacked has another name.
        .Where(version => Path.GetFileName(version).All(char.IsAsciiDigit))
        .Select(version => PostgresDistribution.At(Path.Combine(version, "bin")))
        .OfType<PostgresDistribution>();
}
