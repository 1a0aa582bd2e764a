using System.Text.Json;
using System.Text.Json.Nodes;
using FluentAssertions;
using Npgsql;

namespace LocalAws.Replication.Tests.Harness;

/// <summary>A database, a bucket and the settings of a task between them.</summary>
internal sealed class TestTask(Stack stack, string name, string folder)
{
    public const string SequenceAndBeforeImages = """
        ,{"rule-type":"transformation","rule-id":"2","rule-name":"2","rule-action":"add-column","rule-target":"column",
          "object-locator":{"schema-name":"%","table-name":"%"},"value":"dms_seq","expression":"$AR_H_CHANGE_SEQ",
          "data-type":{"type":"string","length":50}},
         {"rule-type":"transformation","rule-id":"3","rule-name":"3","rule-action":"add-column","rule-target":"column",
          "object-locator":{"schema-name":"%","table-name":"%"},"value":"dms_position","expression":"$AR_H_STREAM_POSITION",
          "data-type":{"type":"string","length":50}},
         {"rule-type":"transformation","rule-id":"4","rule-name":"4","rule-action":"add-before-image-columns","rule-target":"column",
          "object-locator":{"schema-name":"%","table-name":"%"},
          "before-image-def":{"column-prefix":"dms_before_","column-suffix":"","column-filter":"pk-only"}}
        """;

    private ReplicatorProcess? _replicator;

    public string Database => name;

    public string Bucket => $"bucket-{name}";

    /// <summary>As the server's administrator.</summary>
    public string ConnectionString => stack.Postgres.ConnectionString(name);

    public string Slot => $"slot_{name}";

    public string MigrationType { get; set; } = MigrationTypes.FullLoadAndCdc;

    public string Mappings { get; set; } = AllTables(SequenceAndBeforeImages);

    public JsonObject TaskSettings { get; } = [];

    public JsonObject S3Settings { get; } = new()
    {
        ["BucketName"] = $"bucket-{name}",
        ["BucketFolder"] = "raw",
        ["DataFormat"] = "parquet",
        ["IncludeOpForFullLoad"] = true,
        ["TimestampColumnName"] = "dms_commit_ts",
        ["CdcMaxBatchInterval"] = 1,
    };

    public JsonObject PostgreSqlSettings { get; } = new() { ["MapBooleanAsBoolean"] = true };

    public string? SourceAttributes { get; set; } = "mapUnboundedNumericAsString=true";

    /// <summary>Where the task finds S3.</summary>
    public Uri Endpoint { get; set; } = stack.S3.Endpoint;

    /// <summary>Where the task finds the database.</summary>
    public int DatabasePort { get; set; } = stack.Postgres.Port;

    public string Username { get; set; } = "admin";

    public string Password { get; set; } = PostgresServer.AdministratorPassword;

    public static string AllTables(string more = "") => $$"""
        {"rules":[{"rule-type":"selection","rule-id":"1","rule-name":"1","rule-action":"include",
          "object-locator":{"schema-name":"public","table-name":"%"} }{{more}}]}
        """;

    public TaskSpec Specification(string startType = StartTypes.Start) => new()
    {
        TaskIdentifier = $"task-{name}",
        MigrationType = MigrationType,
        StartType = startType,
        StateFile = Path.Combine(folder, "state.json"),
        SlotName = Slot,
        Source = new SourceSpec
        {
            Host = "127.0.0.1",
            Port = DatabasePort,
            Database = name,
            Username = Username,
            Password = Password,
            PostgreSQLSettings = JsonSerializer.SerializeToElement(PostgreSqlSettings),
            ExtraConnectionAttributes = SourceAttributes,
        },
        EngineConnection = new EngineConnectionSpec { Username = "postgres" },
        Target = new TargetSpec
        {
            S3Settings = JsonSerializer.SerializeToElement(S3Settings),
            EndpointUrl = Endpoint,
            AccessKeyId = "test",
            SecretAccessKey = "test",
        },
        TableMappings = Mappings,
        TaskSettings = TaskSettings.ToJsonString(),
    };

    public async Task<ReplicatorProcess> StartAsync(string startType = StartTypes.Start) =>
        _replicator = await ReplicatorProcess.StartAsync(Specification(startType));

    public Task ExecuteAsync(string sql) => stack.Postgres.ExecuteAsync(name, sql);

    /// <summary>Carries out a statement and stays in its transaction, which is rolled back when the connection is disposed.</summary>
    public async Task<OpenTransaction> OpenTransactionAsync(string sql)
    {
        var connection = new NpgsqlConnection(stack.Postgres.ConnectionString(name));
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand("BEGIN; " + sql, connection);
        await command.ExecuteNonQueryAsync();
        return new OpenTransaction(connection);
    }

    /// <summary>Rows of a query, each value as PostgreSQL's text.</summary>
    public async Task<List<string?[]>> QueryAsync(string sql)
    {
        await using var connection = new NpgsqlConnection(stack.Postgres.ConnectionString(name));
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(sql, connection) { AllResultTypesAreUnknown = true };
        await using var reader = await command.ExecuteReaderAsync();
        var rows = new List<string?[]>();
        while (await reader.ReadAsync())
        {
            rows.Add([.. Enumerable.Range(0, reader.FieldCount).Select(i => reader.IsDBNull(i) ? null : reader.GetString(i))]);
        }

        return rows;
    }

    public async Task<string?> ScalarAsync(string sql) => (await QueryAsync(sql))[0][0];

    public Task<SortedDictionary<string, byte[]>> ObjectsAsync(string prefix = "") => stack.S3.ReadAllAsync(Bucket, prefix);

    /// <summary>All rows that lie in the bucket for a table, load first, then in the order of the files' names.</summary>
    public async Task<List<RawRow>> RowsAsync(string table, string schema = "public")
    {
        var objects = await ObjectsAsync($"raw/{schema}/{table}/");
        return [.. objects
            .OrderBy(pair => !pair.Key.Contains("/LOAD", StringComparison.Ordinal)).ThenBy(pair => pair.Key, StringComparer.Ordinal)
            .SelectMany(pair => RawRow.Read(pair.Key, pair.Value))];
    }

    public async Task<List<RawRow>> ChangesAsync(string table) => [.. (await RowsAsync(table)).Where(row => row["dms_seq"] is not null)];

    /// <summary>Waits until the bucket has a number of changes of a table.</summary>
    public async Task<List<RawRow>> ChangesAsync(string table, int atLeast)
    {
        var seen = await Eventually.BecomesAsync(
            $"{atLeast} changes of {table} in the bucket",
            async () => (Rows: await ChangesAsync(table), Log: _replicator?.Describe()),
            now => now.Rows.Count >= atLeast);
        return seen.Rows;
    }

    /// <summary>Deletes all objects.</summary>
    public async Task EmptyAsync()
    {
        foreach (var key in (await ObjectsAsync()).Keys)
        {
            await stack.S3.Client.DeleteObjectAsync(Bucket, key);
        }
    }

    /// <summary>Folds load and changes as a consumer does, and compares with the table itself.</summary>
    public async Task ShouldEqualSourceAsync(string table, string key, string value)
    {
        var folded = new SortedDictionary<string, string?>(StringComparer.Ordinal);
        foreach (var row in (await RowsAsync(table)).OrderBy(row => row["dms_seq"] ?? "", StringComparer.Ordinal))
        {
            folded.Remove(row[$"dms_before_{key}"] ?? row[key]!);
            if (row.Operation != "D")
            {
                folded[row[key]!] = row[value];
            }
        }

        var source = await QueryAsync($"SELECT {key}::text, {value} FROM {table} ORDER BY {key}::text COLLATE \"C\"");
        folded.Select(
            pair => (pair.Key, pair.Value)).Should().Equal(source.Select(row => (row[0]!, row[1])), _replicator?.Describe() ?? "");
    }
}
