using System.Globalization;
using Amazon.SecretsManager;
using Cdc.Harness.Changes;
using Cdc.Harness.Pipelines;
using Npgsql;

namespace Cdc.Harness.Comparison;

/// <summary>
/// What the final tables must hold, computed from the source by PostgreSQL: filters and derived columns are the configuration's own
/// expressions, masks are written here once more, so nothing of the job is believed.
/// </summary>
public sealed class Expectation
{
    private readonly SourceDatabase _source;
    private readonly string? _salt;

    private Expectation(SourceDatabase source, string? salt) => (_source, _salt) = (source, salt);

    /// <summary>The expectation for a pipeline, with the salt that its masks take from Secrets Manager.</summary>
    public static async Task<Expectation> ReadAsync(SourceDatabase source, PipelineOutput pipeline, CancellationToken cancellationToken)
    {
        using var secrets = new AmazonSecretsManagerClient();
        return new Expectation(
            source, pipeline.MaskSaltSecretArn is { } arn ? await secrets.GetSecretValueAsync(arn, cancellationToken) : null);
    }

    /// <summary>The columns of a final table, those of <c>_seq</c> and <c>_commit_ts</c> left out.</summary>
    public async Task<IReadOnlyList<SourceColumn>> ColumnsAsync(ReplicatedTable table, CancellationToken cancellationToken)
    {
        var columns = await _source.QueryAsync(
            "SELECT attname, format_type(atttypid, atttypmod) FROM pg_attribute WHERE attrelid = @table::text::regclass AND attnum > 0 AND "
            + "NOT attisdropped ORDER BY attnum",
            cancellationToken,
            ("table", table.Qualified));
        var derived = table.Derived ?? new Dictionary<string, string>();
        return
        [
            .. columns.Select(column => Ruled(column[0]!, column[1]!, table.Columns?.GetValueOrDefault(column[0]!)?.Mask)),
            .. derived.Select(column => new SourceColumn(column.Key, "text", $"({column.Value})")),
        ];
    }

    /// <summary>Number of rows in the source, those included that the filter does not keep.</summary>
    public async Task<int> SourceRowsAsync(ReplicatedTable table, CancellationToken cancellationToken) =>
        int.Parse((await _source.ScalarAsync($"SELECT count(*) FROM {table.Qualified}", cancellationToken))!, CultureInfo.InvariantCulture);

    /// <summary>The rows of the final table.</summary>
    public async Task<RowSet> FinalAsync(ReplicatedTable table, IReadOnlyList<SourceColumn> columns, CancellationToken cancellationToken) =>
        RowSet.Of(
            columns,
            await _source.QueryAsync(
                $"SELECT {Select(columns)} FROM {table.Qualified} WHERE {table.Filter ?? "true"}",
                cancellationToken, Salt(columns)));

    /// <summary>The rows of the change log that the full load of a table without a key gives.</summary>
    public async Task<RowSet> LoadedAsync(
        ReplicatedTable table, IReadOnlyList<SourceColumn> columns, CancellationToken cancellationToken) =>
        RowSet.Of(
            columns,
            await _source.QueryAsync(
                $"SELECT {Select(columns)} FROM {LoadedRows.CopyOf(table)} WHERE {table.Filter ?? "true"}", cancellationToken,
                Salt(columns)));

    /// <summary>
    /// The rows of the change log for decoded changes: an update of the key is a delete of the old and an insert of the new key, a row that
    /// the filter does not keep is a delete unless it is an insert, and a delete has its key alone.
    /// </summary>
    /// <param name="table">The table of the changes; changes of others are passed over.</param>
    /// <param name="columns">With <c>_op</c> in front, and <c>_place</c> by <c>_number</c>, in which the changes were decoded,
    /// behind.</param>
    /// <param name="changes">What was decoded, in the order of the log.</param>
    /// <param name="cancellationToken">Ends the statements at the source.</param>
    public async Task<RowSet> LogAsync(
        ReplicatedTable table, IReadOnlyList<SourceColumn> columns, IEnumerable<Change> changes, CancellationToken cancellationToken)
    {
        await using var connection = await _source.ConnectAsync(cancellationToken);
        // Typed by the table itself, so that filter and expressions see the values that the source had.
        var decoded =
            $"CREATE TEMP TABLE decoded (LIKE {table.Qualified}); "
            + "ALTER TABLE decoded ADD COLUMN _op text, ADD COLUMN _moved boolean, ADD COLUMN _number bigserial; ";
        await using (var create = new NpgsqlCommand(decoded + NoConstraints(table), connection))
        {
            await create.ExecuteNonQueryAsync(cancellationToken);
        }

        foreach (var change in changes)
        {
            await InsertAsync(connection, table, change, cancellationToken);
        }

        var keep = table.Filter is null ? "true" : $"coalesce(({table.Filter}), false)";
        var result = $"CASE WHEN _op = 'D' THEN 'D' WHEN {keep} THEN CASE WHEN _moved THEN 'I' ELSE _op END "
            + "WHEN _op = 'U' AND NOT _moved THEN 'D' END";
        var values = columns.Select(
            column => table.PrimaryKey.Contains(column.Name) || column.Name is "_op" or "_place"
                ? column.Expression
                : $"CASE WHEN _result <> 'D' THEN {column.Expression} END");
        var sql = $"SELECT {string.Join(", ", values)} FROM (SELECT *, {result} AS _result FROM decoded) AS c WHERE _result IS NOT NULL";
        var rows = await SourceDatabase.QueryAsync(connection, sql, cancellationToken, Salt(columns));
        await connection.CloseAsync();
        return RowSet.Of(columns, rows);
    }

    /// <summary>The log's first column: what became of the operation.</summary>
    public static SourceColumn Operation { get; } = new("_op", "text", "_result");

    /// <summary>
    /// The log's last column: the change's place among those of its key, so that their order is compared and not only that they are there.
    /// </summary>
    /// <param name="table">The table.</param>
    /// <param name="order">What gives the order.</param>
    public static SourceColumn Place(ReplicatedTable table, string order)
    {
        var keys = table.HasKey ? string.Join(", ", table.PrimaryKey.Select(column => $"\"{column}\"")) : "1";
        return new SourceColumn("_place", "bigint", $"row_number() OVER (PARTITION BY {keys} ORDER BY {order})");
    }

    /// <summary>The same of a row that was loaded.</summary>
    public static SourceColumn LoadedOperation { get; } = new("_op", "text", "'I'");

    private (string Name, object? Value)[] Salt(IEnumerable<SourceColumn> columns) =>
        columns.Any(column => column.Expression.Contains("@salt", StringComparison.Ordinal)) ? [("salt", _salt)] : [];

    private static string Select(IEnumerable<SourceColumn> columns) =>
        string.Join(", ", columns.Select(column => $"{column.Expression} AS \"{column.Name}\""));

    private static string NoConstraints(ReplicatedTable table) =>
        string.Join("; ", table.PrimaryKey.Select(column => $"ALTER TABLE decoded ALTER COLUMN {column} DROP NOT NULL"));

    private static async Task InsertAsync(
        NpgsqlConnection connection, ReplicatedTable table, Change change, CancellationToken cancellationToken)
    {
        var moved = change.MovesRow(table.PrimaryKey);
        if (moved)
        {
            await InsertAsync(
                connection, change.OldKey!.Where(column => table.PrimaryKey.Contains(column.Key)), "D", false, cancellationToken);
        }

        await InsertAsync(
            connection,
            change.Operation == "D" ? change.OldKey!.Where(column => table.PrimaryKey.Contains(column.Key)) : change.Values!,
            change.Operation,
            moved,
            cancellationToken);
    }

    private static async Task InsertAsync(
        NpgsqlConnection connection, IEnumerable<KeyValuePair<string, string?>> values, string operation, bool moved,
        CancellationToken cancellationToken)
    {
        var given = values.ToList();
        // Untyped literals, so that the table's own types read them.
        var sql =
            $"INSERT INTO decoded ({string.Join(", ", given.Select(column => $"\"{column.Key}\""))}, _op, _moved) "
            + $"VALUES ({string.Join(", ", given.Select((_, index) => $"@v{index}"))}, @op, @moved)";
        await using var command = new NpgsqlCommand(sql, connection);
        for (var index = 0; index < given.Count; index++)
        {
            command.Parameters.Add(
                new NpgsqlParameter($"v{index}", NpgsqlTypes.NpgsqlDbType.Unknown) { Value = (object?)given[index].Value ?? DBNull.Value });
        }

        command.Parameters.AddWithValue("op", operation);
        command.Parameters.AddWithValue("moved", moved);
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    private static SourceColumn Ruled(string name, string type, string? mask) => mask switch
    {
        null => new SourceColumn(name, type, $"\"{name}\""),
        "sha256" => new SourceColumn(name, "text", $"encode(sha256(convert_to(@salt || \"{name}\"::text, 'UTF8')), 'hex')"),
        "redact" => new SourceColumn(name, "text", $"CASE WHEN \"{name}\" IS NOT NULL THEN 'REDACTED' END"),
        "last4" => new SourceColumn(
            name,
            "text",
            $"CASE WHEN length(\"{name}\"::text) > 4 THEN repeat('*', length(\"{name}\"::text) - 4) || right(\"{name}\"::text, 4) ELSE "
            + $"repeat('*', length(\"{name}\"::text)) END"),
        _ => throw new NotSupportedException($"The mask {mask} of {name} has no expectation here."),
    };
}
