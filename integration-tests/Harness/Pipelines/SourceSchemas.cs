using System.Globalization;
using Cdc.Harness.Pipelines.Preflight;
using Cdc.Harness.Pipelines.State;

namespace Cdc.Harness.Pipelines;

/// <summary>Reads the columns of tables from a source's catalog.</summary>
public static class SourceSchemas
{
    private const string Sql = $"""
        WITH {TypeSql.Domains}
        SELECT n.nspname, c.relname, c.relreplident,
               (SELECT string_agg(k.attname, E'\n' ORDER BY array_position(i.indkey::int2[], k.attnum))
                FROM pg_index i JOIN pg_attribute k ON k.attrelid = i.indrelid AND k.attnum = ANY ((i.indkey::int2[])[0:i.indnkeyatts - 1])
                WHERE i.indrelid = c.oid AND i.indisprimary),
               a.attname, CASE WHEN t.typtype = 'e' THEN 'enum' ELSE {TypeSql.Spelled} END,
               NOT a.attnotnull AND NOT coalesce(d.required, false), to_char(now() AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')
        FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid JOIN pg_namespace n ON n.oid = c.relnamespace
             LEFT JOIN domains d ON d.domain = a.atttypid
             JOIN pg_type t ON t.oid = coalesce(d.type, a.atttypid)
        WHERE a.attnum > 0 AND NOT a.attisdropped AND a.attgenerated::text <> 'v' AND c.relkind IN ('r', 'p')
              AND (n.nspname, c.relname) IN (SELECT * FROM unnest(@schemas, @tables))
        ORDER BY 1, 2, a.attnum
        """;

    /// <summary>The tables that are there, in one look at the catalog.</summary>
    public static async Task<IReadOnlyList<SchemaDocument>> ReadAsync(
        SourceDatabase source, IReadOnlyList<ReplicatedTable> tables, CancellationToken cancellationToken)
    {
        var rows = await source.QueryAsync(
            Sql,
            cancellationToken,
            ("schemas", tables.Select(table => table.Schema).ToArray()),
            ("tables", tables.Select(table => table.Name).ToArray()));
        return [.. rows.GroupBy(row => (Schema: row[0]!, Table: row[1]!)).Select(table => new SchemaDocument(
            $"{table.Key.Schema}.{table.Key.Table}",
            DateTimeOffset.Parse(table.First()[7]!, CultureInfo.InvariantCulture),
            [.. table.Select(row => new ColumnDocument(row[4]!, row[5]!, row[6] == "t"))],
            table.First()[3]?.Split('\n') ?? [],
            Identity(table.First()[2]!)))];
    }

    private static string Identity(string code) => code switch
    {
        "f" => "full",
        "i" => "index",
        "n" => "nothing",
        _ => "default",
    };
}
