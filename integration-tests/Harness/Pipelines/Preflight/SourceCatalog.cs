using System.Globalization;

namespace Cdc.Harness.Pipelines.Preflight;

/// <summary>Reads from a source's catalog what the preflight judges.</summary>
public static class SourceCatalog
{
    private const string TablesSql = """
        SELECT n.nspname, c.relname, c.relkind, c.relpersistence, c.relreplident,
               (SELECT string_agg(a.attname, E'\n' ORDER BY array_position(i.indkey::int2[], a.attnum))
                FROM pg_index i JOIN pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = ANY ((i.indkey::int2[])[0:i.indnkeyatts - 1])
                WHERE i.indrelid = c.oid AND i.indisprimary),
               coalesce((SELECT i.indimmediate AND i.indisvalid FROM pg_index i WHERE i.indrelid = c.oid AND i.indisprimary), false),
               (SELECT string_agg(a.attname, E'\n' ORDER BY a.attnum)
                FROM pg_index i JOIN pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = ANY ((i.indkey::int2[])[0:i.indnkeyatts - 1])
                WHERE i.indrelid = c.oid AND i.indisreplident AND i.indisvalid),
               (SELECT string_agg(l.relid::regclass::text, E'\n' ORDER BY l.relid::regclass::text)
                FROM pg_partition_tree(CASE WHEN c.relispartition THEN pg_partition_root(c.oid) ELSE c.oid END) l
                WHERE l.isleaf AND l.relid <> c.oid),
               CASE WHEN c.relispartition THEN pg_partition_root(c.oid)::text END,
               has_table_privilege(@user, c.oid, 'SELECT') AND has_schema_privilege(@user, n.oid, 'USAGE'),
               c.relrowsecurity AND NOT r.rolsuper AND NOT r.rolbypassrls AND (c.relforcerowsecurity OR NOT pg_has_role(@user, c.relowner, 'USAGE'))
        FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace JOIN pg_roles r ON r.rolname = @user
        WHERE c.relkind IN ('r', 'p', 'v', 'm', 'f') AND n.nspname <> 'information_schema' AND n.nspname NOT LIKE 'pg\_%'
        ORDER BY 1, 2
        """;

    private const string ColumnsSql = $"""
        WITH {TypeSql.Domains}
        SELECT n.nspname, c.relname, a.attname, {TypeSql.Spelled},
               t.typtype = 'e' OR EXISTS (SELECT FROM pg_type b WHERE b.oid = t.typbasetype AND b.typtype = 'e'),
               a.attgenerated::text = 'v', a.attstorage IN ('x', 'e', 'm')
        FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid JOIN pg_namespace n ON n.oid = c.relnamespace JOIN pg_type t ON t.oid = a.atttypid
             LEFT JOIN domains d ON d.domain = a.atttypid
        WHERE a.attnum > 0 AND NOT a.attisdropped AND c.relkind IN ('r', 'p') AND n.nspname <> 'information_schema' AND n.nspname NOT LIKE 'pg\_%'
        ORDER BY 1, 2, a.attnum
        """;

    /// <param name="source">The database, read as its administrator.</param>
    /// <param name="user">The user that DMS connects as.</param>
    /// <param name="cancellationToken">Ends the reading.</param>
    public static async Task<SourceFacts> ReadAsync(SourceDatabase source, string user, CancellationToken cancellationToken)
    {
        var server = (await source.QueryAsync(
            "SELECT current_database(), current_setting('server_version_num'), current_setting('server_encoding'), "
            + "current_setting('wal_level')",
            cancellationToken))[0];
        var columns = (await source.QueryAsync(ColumnsSql, cancellationToken)).ToLookup(
            row => $"{row[0]}.{row[1]}", row => new SourceColumnFacts(row[2]!, row[3]!, row[4] == "t", row[5] == "t", row[6] == "t"));
        var tables = (await source.QueryAsync(TablesSql, cancellationToken, ("user", user))).Select(row => new SourceTableFacts(
            row[0]!,
            row[1]!,
            row[2]![0],
            row[3]![0],
            row[4]![0],
            Lines(row[5]),
            row[6] == "t",
            Lines(row[7]),
            [.. columns[$"{row[0]}.{row[1]}"]],
            Lines(row[8]),
            row[9],
            row[10] == "t",
            row[11] == "t"));
        return new SourceFacts(
            server[0]!, user, int.Parse(server[1]!, CultureInfo.InvariantCulture), server[2]!, server[3]!,
            tables.ToDictionary(table => table.Qualified));
    }

    private static string[] Lines(string? text) => text?.Split('\n') ?? [];
}
