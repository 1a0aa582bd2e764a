using Npgsql;

namespace LocalAws.Replication.Source;

/// <summary>Reads tables and types from the source's catalog.</summary>
internal sealed class Catalog(NpgsqlConnection connection)
{
    // Ordinary tables; a partition counts as a table, its parent holds no rows. A deferrable key identifies no row in the log.
    private const string TablesSql = """
        SELECT c.oid, n.nspname, c.relname, quote_ident(n.nspname) || '.' || quote_ident(c.relname), c.reltuples::bigint,
               CASE c.relreplident WHEN 'f' THEN 'f' WHEN 'n' THEN 'n' WHEN 'i' THEN
                 CASE WHEN EXISTS (SELECT FROM pg_index i WHERE i.indrelid = c.oid AND i.indisreplident
                   AND i.indisvalid) THEN 'i' ELSE 'n' END
               ELSE
                 CASE WHEN EXISTS (SELECT FROM pg_index i WHERE i.indrelid = c.oid AND i.indisprimary AND i.indimmediate AND i.indisvalid)
                 THEN 'd' ELSE 'n' END
               END
        FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
        WHERE c.relkind = 'r' AND c.relpersistence = 'p' AND n.nspname <> 'information_schema' AND n.nspname NOT LIKE 'pg\_%'
        """;

    // As pg_attribute.attgenerated has it, since PostgreSQL 18.
    private const string Virtual = "v";

    // typtype d: a domain; its base carries the modifier. The first type is the one that test_decoding names.
    private const string ColumnsSql = """
        WITH RECURSIVE base AS (
          SELECT a.attnum, a.attname, a.attgenerated, t.oid, t.typtype, t.typbasetype, t.typcategory,
                 CASE WHEN t.typtype = 'd' THEN t.typtypmod ELSE a.atttypmod END AS modifier,
                 quote_ident(a.attname) || '[' || format_type(a.atttypid, NULL) || ']' AS logname
          FROM pg_attribute a JOIN pg_type t ON t.oid = a.atttypid
          WHERE a.attrelid = $1::oid AND a.attnum > 0 AND NOT a.attisdropped
          UNION ALL
          SELECT b.attnum, b.attname, b.attgenerated, t.oid, t.typtype, t.typbasetype, t.typcategory,
                 CASE WHEN t.typtype = 'd' THEN t.typtypmod ELSE b.modifier END, b.logname
          FROM base b JOIN pg_type t ON t.oid = b.typbasetype WHERE b.typtype = 'd')
        SELECT b.attname, b.oid, b.modifier, format_type(b.oid, b.modifier), b.typcategory = 'A', b.typtype = 'c',
               EXISTS (SELECT FROM pg_index i WHERE i.indrelid = $1::oid AND i.indisprimary
                 AND b.attnum = ANY ((i.indkey::int2[])[0:i.indnkeyatts - 1])),
               b.attgenerated::text, b.logname
        FROM base b WHERE b.typtype <> 'd' ORDER BY b.attnum
        """;

    private const string TypeSql = """
        WITH RECURSIVE base AS (
          SELECT oid, typtype, typbasetype, typtypmod, typcategory, -1 AS modifier FROM pg_type WHERE oid = to_regtype($1)::oid
          UNION ALL
          SELECT t.oid, t.typtype, t.typbasetype, t.typtypmod, t.typcategory, b.typtypmod
          FROM base b JOIN pg_type t ON t.oid = b.typbasetype WHERE b.typtype = 'd')
        SELECT oid, modifier, format_type(oid, modifier), typcategory = 'A', typtype = 'c' FROM base WHERE typtype <> 'd'
        """;

    /// <summary>The tables that are wanted, in the order of their names.</summary>
    public async Task<IReadOnlyList<SourceTable>> TablesAsync(Func<string, string, bool> selects, CancellationToken cancellationToken)
    {
        var found = await ReadTablesAsync($"{TablesSql} ORDER BY 2, 3", [], cancellationToken);
        return await WithColumnsAsync(found.Where(table => selects(table.Schema, table.Name)), cancellationToken);
    }

    /// <summary>A table as it is now; null if there is none of that name.</summary>
    public async Task<SourceTable?> TableAsync(string schema, string name, CancellationToken cancellationToken)
    {
        var found = await ReadTablesAsync($"{TablesSql} AND n.nspname = $1 AND c.relname = $2", [schema, name], cancellationToken);
        return (await WithColumnsAsync(found, cancellationToken)).SingleOrDefault();
    }

    /// <summary>A type by its SQL name; of a domain, the type beneath it; null if there is no such type any more.</summary>
    public async Task<PgType?> TypeAsync(string name, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(TypeSql, connection);
        command.Parameters.Add(new NpgsqlParameter { Value = name });
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        return await reader.ReadAsync(cancellationToken)
            ? new PgType(reader.GetFieldValue<uint>(0), reader.GetInt32(1), reader.GetString(2), reader.GetBoolean(3), reader.GetBoolean(4))
            : null;
    }

    private async Task<List<SourceTable>> ReadTablesAsync(string sql, string[] parameters, CancellationToken cancellationToken)
    {
        var found = new List<SourceTable>();
        await using var command = new NpgsqlCommand(sql, connection);
        foreach (var parameter in parameters)
        {
            command.Parameters.Add(new NpgsqlParameter { Value = parameter });
        }

        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        while (await reader.ReadAsync(cancellationToken))
        {
            var identity = reader.GetString(5) switch
            {
                "f" => ReplicaIdentity.Full,
                "i" => ReplicaIdentity.Index,
                "d" => ReplicaIdentity.PrimaryKey,
                _ => ReplicaIdentity.None,
            };
            found.Add(new SourceTable(
                reader.GetFieldValue<uint>(0), reader.GetString(1), reader.GetString(2), reader.GetString(3), [], identity,
                Math.Max(reader.GetInt64(4), 0)));
        }

        return found;
    }

    private async Task<IReadOnlyList<SourceTable>> WithColumnsAsync(IEnumerable<SourceTable> tables, CancellationToken cancellationToken)
    {
        var complete = new List<SourceTable>();
        foreach (var table in tables)
        {
            complete.Add(table with { Columns = await ColumnsAsync(table.Oid, cancellationToken) });
        }

        return complete;
    }

    private async Task<IReadOnlyList<SourceColumn>> ColumnsAsync(uint table, CancellationToken cancellationToken)
    {
        var columns = new List<SourceColumn>();
        await using var command = new NpgsqlCommand(ColumnsSql, connection);
        command.Parameters.Add(new NpgsqlParameter { Value = (long)table });
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        while (await reader.ReadAsync(cancellationToken))
        {
            var type = new PgType(
                reader.GetFieldValue<uint>(1), reader.GetInt32(2), reader.GetString(3), reader.GetBoolean(4), reader.GetBoolean(5));
            var generated = reader.GetString(7);
            columns.Add(new SourceColumn(
                reader.GetString(0), type, reader.GetBoolean(6), reader.GetString(8), IsGenerated: generated.Length > 0,
                IsLeftOut: generated == Virtual, IsVirtual: generated == Virtual));
        }

        return columns;
    }
}
