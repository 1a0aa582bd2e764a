using System.Globalization;

namespace Cdc.Harness.Pipelines;

/// <summary>How many rows PostgreSQL believes that tables have.</summary>
public static class RowEstimates
{
    private const string Sql = """
        SELECT n.nspname || '.' || c.relname, c.reltuples::bigint
        FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
        WHERE c.relkind = 'r' AND c.reltuples > 0 AND (n.nspname, c.relname) IN (SELECT * FROM unnest(@schemas, @tables))
        """;

    /// <summary>By qualified name; without the tables that it has not counted yet.</summary>
    public static async Task<IReadOnlyDictionary<string, long>> ReadAsync(
        SourceDatabase source, IReadOnlyList<ReplicatedTable> tables, CancellationToken cancellationToken) =>
        (await source.QueryAsync(
            Sql,
            cancellationToken,
            ("schemas", tables.Select(table => table.Schema).ToArray()),
            ("tables", tables.Select(table => table.Name).ToArray())))
        .ToDictionary(row => row[0]!, row => long.Parse(row[1]!, CultureInfo.InvariantCulture), StringComparer.Ordinal);
}
