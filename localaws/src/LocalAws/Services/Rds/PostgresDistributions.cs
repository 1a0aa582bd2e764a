using LocalAws.Postgres;
using LocalAws.Protocols;

namespace LocalAws.Services.Rds;

/// <summary>The engine versions that this machine can run, and what each knows of its parameters.</summary>
internal sealed class PostgresDistributions
{
    private readonly IReadOnlyList<(PostgresDistribution Distribution, Lazy<ParameterCatalog> Parameters)> _all;

    public PostgresDistributions(GatewayOptions options) =>
        _all =
        [
            .. PostgresServers.Find(options.Postgresql).Select(
                found => (found, new Lazy<ParameterCatalog>(() => new ParameterCatalog(found)))),
        ];

    /// <summary>Not the newest: DMS reads from a major version only a good while after RDS has it.</summary>
    private const string DefaultMajor = "17";

    /// <summary>The server of a request that names no version; the newest where the usual one is not there.</summary>
    /// <exception cref="AwsException">This machine has none at all.</exception>
    public PostgresDistribution Default =>
        All.FirstOrDefault(distribution => distribution.Major == DefaultMajor) ?? All.LastOrDefault() ?? OfVersion(DefaultMajor);

    public IEnumerable<PostgresDistribution> All => _all.Select(item => item.Distribution);

    /// <summary>The server of a requested version: the one of the same major version, whatever its minor.</summary>
    /// <exception cref="AwsException">There is none; the message lists those that are there.</exception>
    public PostgresDistribution OfVersion(string engineVersion) =>
        _all.Select(item => item.Distribution).FirstOrDefault(distribution => distribution.Major == engineVersion.Split('.')[0])
        ?? throw new AwsException(
            "InvalidParameterCombination",
            $"Cannot find version {engineVersion} for postgres. This machine has: {Available}. "
            + "Ask for one of these, or install that PostgreSQL (server and contrib modules).");

    /// <summary>The server of a parameter group family such as <c>postgres16</c>.</summary>
    public (PostgresDistribution Distribution, ParameterCatalog Parameters) OfFamily(string family)
    {
        var (distribution, parameters) = _all.FirstOrDefault(item => "postgres" + item.Distribution.Major == family);
        return distribution is null
            ? throw new AwsException(
                "InvalidParameterValue",
                $"ParameterGroupFamily {family} is not a valid parameter group family. This machine has: "
                + $"{string.Join(", ", All.Select(item => "postgres" + item.Major))}.")
            : (distribution, parameters.Value);
    }

    private string Available => string.Join(", ", All.Select(distribution => distribution.Version));
}
