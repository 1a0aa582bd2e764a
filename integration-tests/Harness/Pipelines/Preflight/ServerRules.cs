namespace Cdc.Harness.Pipelines.Preflight;

/// <summary>Judges a server and its database.</summary>
public static class ServerRules
{
    /// <summary>What of the settings and rights would keep DMS from capturing changes; empty where nothing does.</summary>
    public static IReadOnlyList<Finding> Judge(SourceFacts source)
    {
        var findings = new List<Finding>();
        if (source.WalLevel != "logical")
        {
            findings.Add(new Finding(
                FindingKind.Refusal,
                $"The source's wal_level is {source.WalLevel}; DMS needs logical.",
                "Set rds.logical_replication = 1 in its parameter group and reboot the instance."));
        }

        if (MayLoseOpenTransactions(source.Version))
        {
            findings.Add(new Finding(
                FindingKind.Loss,
                $"PostgreSQL {source.Version / 10_000}.{source.Version % 10_000} may begin a replication slot within a transaction while "
                + "another slot is read: a task that starts or reloads then loses what that transaction has written.",
                "Update it to 12.20, 13.16, 14.13, 15.8, 16.4 or later; until then start and reload only when no transaction is open."));
        }

        if (source.Encoding == "SQL_ASCII")
        {
            findings.Add(new Finding(
                FindingKind.Loss,
                $"The database {source.Database} has the encoding SQL_ASCII: a table is suspended at its first text that is no UTF-8.",
                "Correct such texts, or move the data to a database with an encoding."));
        }

        return findings;
    }

    /// <summary>
    /// "Prevent incorrect initialization of logical replication slots": release notes of PostgreSQL 12.20, 13.16, 14.13, 15.8 and 16.4
    /// (2024-08-08). 17 never had the fault.
    /// </summary>
    private static bool MayLoseOpenTransactions(int version) => (version / 10_000) switch
    {
        12 => version < 120_020,
        13 => version < 130_016,
        14 => version < 140_013,
        15 => version < 150_008,
        16 => version < 160_004,
        var major => major < 12,
    };
}
