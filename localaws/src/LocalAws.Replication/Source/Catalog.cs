using Npgsql;

namespace LocalAws.Replication.Source;

/// <summary>Reads tables and types from the source's catalog.</summary>
internal sealed class Catalog(NpgsqlConnection connection)
{
    // Ordinary tables; a partition counts as a table, its parent holds no rows. relreplident: d = primary key, i = index, f = full row.
    private const string TablesSql = """
        SELECT c.oid, n.nspname, c.relname, c.reltuples::bigint,
               c.relreplident IN ('f', 'i') OR (c.relreplident = 'd' AND EXISTS (SELECT FROM pg_index i WHERE i.indrelid = c.oid AND i.indisprimary))
        FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
        WHERE c.relkind = 'r' AND c.relpersistence = 'p' AND n.nspname <> 'information_schema' AND n.nspname NOT LIKE 'pg\_%'
        ORDER BY 2, 3
        """;

    // typtype d: a domain; its base carries the modifier.
    private const string ColumnsSql = """
        WITH RECURSIVE base AS (
          SELECT a.attnum, a.attname, a.attgenerated, t.oid, t.typtype, t.typbasetype, t.typcategory,
                 CASE WHEN t.typtype = 'd' THEN t.typtypmod ELSE a.atttypmod END AS modifier
          FROM pg_attribute a JOIN pg_type t ON t.oid = a.atttypid
          WHERE a.attrelid = $1::oid AND a.attnum > 0 AND NOT a.attisdropped
          UNION ALL
          SELECT b.attnum, b.attname, b.attgenerated, t.oid, t.typtype, t.typbasetype, t.typcategory,
                 CASE WHEN t.typtype = 'd' THEN t.typtypmod ELSE b.modifier END
          FROM base b JOIN pg_type t ON t.oid = b.typbasetype WHERE b.typtype = 'd')
        SELECT b.attname, b.oid, b.modifier, format_type(b.oid, b.modifier), b.typcategory = 'A', b.typtype = 'c',
               EXISTS (SELECT FROM pg_index i WHERE i.indrelid = $1::oid AND i.indisprimary AND b.attnum = ANY (i.indkey)), b.attgenerated <> ''
        FROM base b WHERE b.typtype <> 'd' ORDER BY b.attnum
        """;

    private const string TypeSql = """
        WITH RECURSIVE base AS (
          SELECT oid, typtype, typbasetype, typtypmod, typcategory, $2::int AS modifier FROM pg_type WHERE oid = $1::oid
          UNION ALL
          SELECT t.oid, t.typtype, t.typbasetype, t.typtypmod, t.typcategory, b.typtypmod FROM base b JOIN pg_type t ON t.oid = b.typbasetype WHERE b.typtype = 'd')
        SELECT oid, modifier, format_type(oid, modifier), typcategory = 'A', typtype = 'c' FROM base WHERE typtype <> 'd'
        """;

    public async Task<IReadOnlyList<SourceTable>> TablesAsync(Func<string, string, bool> selects, CancellationToken cancellationToken)
    {
        var found = new List<(uint Oid, string Schema, string Name, long Rows, bool Identity)>();
        await using (var command = new NpgsqlCommand(TablesSql, connection))
        await using (var reader = await command.ExecuteReaderAsync(cancellationToken))
        {
            while (await reader.ReadAsync(cancellationToken))
            {
                var row = (reader.GetFieldValue<uint>(0), reader.GetString(1), reader.GetString(2), reader.GetInt64(3), reader.GetBoolean(4));
                if (selects(row.Item2, row.Item3))
                {
                    found.Add(row);
                }
            }
        }

        var tables = new List<SourceTable>();
        foreach (var (oid, schema, name, rows, identity) in found)
        {
            tables.Add(new SourceTable(schema, name, await ColumnsAsync(oid, cancellationToken), identity, Math.Max(rows, 0)));
        }

        return tables;
    }

    /// <summary>A type that a change of the log names; of a domain, the type beneath it.</summary>
    public async Task<PgType> TypeAsync(uint oid, int modifier, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(TypeSql, connection);
        command.Parameters.Add(new NpgsqlParameter { Value = (long)oid });
        command.Parameters.Add(new NpgsqlParameter { Value = modifier });
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        return await reader.ReadAsync(cancellationToken)
            ? new PgType(reader.GetFieldValue<uint>(0), reader.GetInt32(1), reader.GetString(2), reader.GetBoolean(3), reader.GetBoolean(4))
            : new PgType(oid, modifier, $"type {oid}");
    }

    /// <summary>Names of a table's primary key columns.</summary>
    public async Task<IReadOnlySet<string>> PrimaryKeyAsync(uint table, CancellationToken cancellationToken)
    {
        const string KeySql = """
            SELECT a.attname FROM pg_index i JOIN pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = ANY (i.indkey)
            WHERE i.indrelid = $1::oid AND i.indisprimary
            """;
        var names = new HashSet<string>(StringComparer.Ordinal);
        await using var command = new NpgsqlCommand(KeySql, connection);
        command.Parameters.Add(new NpgsqlParameter { Value = (long)table });
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        while (await reader.ReadAsync(cancellationToken))
        {
            names.Add(reader.GetString(0));
        }

        return names;
    }

    private async Task<IReadOnlyList<SourceColumn>> ColumnsAsync(uint table, CancellationToken cancellationToken)
    {
        var columns = new List<SourceColumn>();
        await using var command = new NpgsqlCommand(ColumnsSql, connection);
        command.Parameters.Add(new NpgsqlParameter { Value = (long)table });
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        while (await reader.ReadAsync(cancellationToken))
        {
            if (!reader.GetBoolean(7))
            {
                var type = new PgType(
                    reader.GetFieldValue<uint>(1), reader.GetInt32(2), reader.GetString(3), reader.GetBoolean(4), reader.GetBoolean(5));
                columns.Add(new SourceColumn(reader.GetString(0), type, reader.GetBoolean(6)));
            }
        }

        return columns;
    }
}
