using LocalAws.Postgres;

namespace LocalAws.Services.Rds;

/// <summary>Which parameters an engine version has, and which of them need a reboot: PostgreSQL's own list and RDS's additions.</summary>
internal sealed class ParameterCatalog
{
    /// <summary>Whether plain connections are refused.</summary>
    public const string ForceSsl = "rds.force_ssl";

    /// <summary>RDS's parameters beside PostgreSQL's: name → whether it is static.</summary>
    private static readonly Dictionary<string, bool> RdsParameters = new(StringComparer.Ordinal)
    {
        ["rds.logical_replication"] = true,
        [ForceSsl] = false,
        ["rds.force_autovacuum_logging_level"] = false,
        ["rds.log_retention_period"] = false,
        ["rds.adaptive_autovacuum"] = false,
        ["rds.restrict_password_commands"] = true,
    };

    private readonly IReadOnlyDictionary<string, string> _contexts;

    public ParameterCatalog(PostgresDistribution distribution) => _contexts = distribution.DescribeParameters();

    public bool Exists(string name) =>
        RdsParameters.ContainsKey(name) || (_contexts.TryGetValue(name, out var context) && context != "internal")
            || name.Contains('.', StringComparison.Ordinal);

    /// <summary>Whether a change waits for a reboot.</summary>
    public bool IsStatic(string name) =>
        RdsParameters.TryGetValue(name, out var isStatic) ? isStatic : _contexts.GetValueOrDefault(name) == "postmaster";

    /// <summary>Whether RDS takes the value; what PostgreSQL makes of its own parameters, it says itself.</summary>
    public static bool Accepts(string name, string value) => name != ForceSsl || value is "0" or "1";

    /// <summary>The lines of postgresql.conf that a group means; RDS's own parameters become PostgreSQL's.</summary>
    public static IEnumerable<string> ToConfiguration(IReadOnlyDictionary<string, string> parameters)
    {
        foreach (var (name, value) in parameters)
        {
            if (!name.StartsWith("rds.", StringComparison.Ordinal))
            {
                yield return $"{name} = {SqlText.Literal(value)}";
            }
        }

        // RDS derives these from the one switch; without it DMS finds wal_level = replica and fails, here as there.
        if (parameters.GetValueOrDefault("rds.logical_replication") is "1")
        {
            yield return "wal_level = logical";
            if (!parameters.ContainsKey("max_replication_slots"))
            {
                yield return "max_replication_slots = 20";
            }

            if (!parameters.ContainsKey("max_wal_senders"))
            {
                yield return "max_wal_senders = 25";
            }
        }
    }
}
