using FluentAssertions;
using LocalAws.Parquet.Tests.Reading;
using LocalAws.Replication.Messages;
using LocalAws.Replication.Tests.Harness;
using ParquetSharp.Schema;
using PhysicalType = ParquetSharp.PhysicalType;

namespace LocalAws.Replication.Tests;

[Collection(StackCollection.Name)]
public class FullLoadTests(Stack stack)
{
    private const string AllTypes = """
        CREATE TYPE mood AS ENUM ('sad', 'happy');
        CREATE DOMAIN price AS numeric(10,3);
        CREATE TABLE every_type (id bigint PRIMARY KEY, small smallint, int integer, n numeric(12,2), unbounded numeric, d price,
          r real, dp double precision,
          cash money, flag boolean, c char(10), vc varchar(40), t text, u uuid, j json, jb jsonb, day date, ts timestamp, tz timestamptz,
          bin bytea, list integer[], feeling mood, net inet);
        INSERT INTO every_type VALUES
          (1, -32768, 2147483647, -1234567890.12, 0.000000000000000000001, 1.5, 1.1, 0.1, 1234.5,
           true, 'ab  ', 'quote '' " comma, ', E'tab\t newline\n cr\r back\\slash \\N',
           'c4c055dc-09a2-4286-8e79-ad3dd7c9555c', '{"a":  1}', '{"b": [1, 2]}', '1969-07-20', '2024-02-29 23:59:59.123456',
           '2024-06-01 12:00:00.5+02',
           '\x00ff10', '{1,NULL,3}', 'happy', '10.0.0.1'),
          (2, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL,
           NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL),
          (3, 0, 0, 0.00, -0.5, -0.001, '-Infinity', 'NaN', -0.01, false, '', '', '',
           '00000000-0000-0000-0000-000000000000', 'null', '"🦄 é"',
           '0001-01-01', '0001-01-01 00:00:00', 'epoch',
           '', '{}', 'sad', '::1/128'),
          (4, 1, 1, 9999999999.99, 12345678901234567890123456789012345678901234567890.5, 9999999.999,
           3.4e38, 1e-300, 92233720368547758.07, true,
           '🦄', repeat('ü', 40), '🦄 emoji',
           'ffffffff-ffff-ffff-ffff-ffffffffffff', '[]', '{}', '9999-12-31', '9999-12-31 23:59:59.999999', '1900-01-01 00:00:00Z',
           '\xdeadbeef', '{9}', 'sad', '192.168.0.0/24');
        """;

    // PostgreSQL's own text of what must come out, where its default output differs from the target's meaning.
    private const string Expected = """
        SELECT id, small, int, n, unbounded, d, r, dp, translate(cash::text, '$,', '') || '00' AS cash,
               flag, rtrim(c) AS c, vc, t, u, j, jb, day,
               ts, tz AT TIME ZONE 'UTC', bin, list, feeling, net FROM every_type ORDER BY id
        """;

    [Fact]
    public async Task A_loaded_table_equals_its_source_in_every_type()
    {
        var task = await stack.NewTaskAsync(AllTypes);
        task.MigrationType = MigrationTypes.FullLoad;
        await using var replicator = await task.StartAsync();
        await replicator.EndAsync();

        replicator.ExitCode.Should().Be(0, string.Join('\n', replicator.Messages));
        var rows = await task.RowsAsync("every_type");
        var source = await task.QueryAsync(Expected);
        rows.Should().HaveCount(source.Count);
        var columns = rows[0].Values.Keys.ToList();
        columns[..2].Should().Equal("Op", "dms_commit_ts");
        foreach (var (row, expected) in rows.Zip(source))
        {
            columns.Skip(2).Take(expected.Length).Select(column => row[column]).Should().Equal(expected);
        }

        replicator.Of<StoppedMessage>().Single().Reason.Should().Be(StopReasons.FullLoadFinished);
        replicator.Table("every_type")!.FullLoadRows.Should().Be(source.Count);
    }

    [Fact]
    public async Task A_change_writes_the_same_values_as_a_load()
    {
        var task = await stack.NewTaskAsync(AllTypes);
        await using var replicator = await task.StartAsync();
        await replicator.UntilLoadedAsync("every_type");
        await task.ExecuteAsync("UPDATE every_type SET id = id + 100");
        var changes = await task.ChangesAsync("every_type", atLeast: 4);
        await replicator.StopAsync();

        var loaded = (await task.RowsAsync("every_type")).Where(row => row["dms_seq"] is null);
        string[] differ = ["Op", "dms_commit_ts", "dms_seq", "dms_position", "dms_before_id", "id"];
        foreach (var (change, load) in changes.OrderBy(row => row["dms_before_id"]).Zip(loaded))
        {
            change["dms_before_id"].Should().Be(load["id"]);
            change.Values.Where(pair => !differ.Contains(pair.Key)).Should().Equal(load.Values.Where(pair => !differ.Contains(pair.Key)));
        }
    }

    [Fact]
    public async Task The_columns_have_the_types_that_DMS_gives_them()
    {
        var task = await stack.NewTaskAsync(AllTypes);
        task.MigrationType = MigrationTypes.FullLoad;
        await using var replicator = await task.StartAsync();
        await replicator.EndAsync();

        var file = ParquetContents.Read((await task.ObjectsAsync())["raw/public/every_type/LOAD00000001.parquet"]);

        string Describe(LeafColumn column) => string.Join(' ', new[]
        {
            column.Required ? "required" : "optional",
            column.Type + (column.Type == PhysicalType.FixedLenByteArray ? $"({column.Length})" : ""),
            column.Name,
            column.Converted + (column.Converted == ConvertedType.Decimal ? $"({column.Precision},{column.Scale})" : ""),
        });
        file.Columns.Select(Describe).Should().Equal(
            "optional ByteArray Op UTF8",
            "required ByteArray dms_commit_ts UTF8",
            "optional Int64 id None",
            "optional Int32 small Int16",
            "optional Int32 int None",
            "optional FixedLenByteArray(6) n Decimal(12,2)",
            "optional ByteArray unbounded UTF8",
            "optional FixedLenByteArray(5) d Decimal(10,3)",
            "optional Float r None",
            "optional Double dp None",
            "optional FixedLenByteArray(16) cash Decimal(38,4)",
            "optional Boolean flag None",
            "optional ByteArray c UTF8",
            "optional ByteArray vc UTF8",
            "optional ByteArray t UTF8",
            "optional ByteArray u UTF8",
            "optional ByteArray j UTF8",
            "optional ByteArray jb UTF8",
            "optional Int32 day Date",
            "optional Int64 ts TimestampMicros",
            "optional Int64 tz TimestampMicros",
            "optional ByteArray bin None",
            "optional ByteArray list UTF8",
            "optional ByteArray feeling UTF8",
            "optional ByteArray net UTF8",
            "optional ByteArray dms_seq UTF8",
            "optional ByteArray dms_position UTF8",
            "optional Int64 dms_before_id None");
    }

    [Fact]
    public async Task Load_timestamps_strictly_increase_and_files_are_numbered_in_hexadecimal()
    {
        var task = await stack.NewTaskAsync(
            "CREATE TABLE wide (id int PRIMARY KEY, t text); INSERT INTO wide SELECT n, repeat(md5(n::text), 30) FROM "
            + "generate_series(1, 3000) n");
        task.MigrationType = MigrationTypes.FullLoad;
        task.S3Settings["MaxFileSize"] = 200;
        task.S3Settings["RowGroupLength"] = 100;
        await using var replicator = await task.StartAsync();
        await replicator.EndAsync();

        var objects = await task.ObjectsAsync();
        objects.Keys.Should().Equal(Enumerable.Range(1, objects.Count).Select(n => $"raw/public/wide/LOAD{n:X8}.parquet"));
        objects.Count.Should().BeGreaterThan(10);
        var rows = await task.RowsAsync("wide");
        rows.Select(row => row["id"]).Should().Equal(Enumerable.Range(1, 3000).Select(n => $"{n}"));
        rows.Select(row => row["dms_commit_ts"]!).Should().BeInAscendingOrder(StringComparer.Ordinal).And.OnlyHaveUniqueItems();
    }

    [Fact]
    public async Task An_empty_table_leaves_no_object()
    {
        var task = await stack.NewTaskAsync("CREATE TABLE empty (id int PRIMARY KEY)");
        task.MigrationType = MigrationTypes.FullLoad;
        await using var replicator = await task.StartAsync();
        await replicator.EndAsync();

        replicator.ExitCode.Should().Be(0);
        (await task.ObjectsAsync()).Should().BeEmpty();
    }

    [Fact]
    public async Task Infinite_timestamps_get_the_limits_that_DMS_gives_them_and_a_LOB_is_cut_with_a_warning()
    {
        var task = await stack.NewTaskAsync("""
            CREATE TABLE odd (id int PRIMARY KEY, ts timestamp, n numeric(5,2), t text);
            INSERT INTO odd VALUES (1, 'infinity', 'NaN', repeat('x', 600)), (2, NULL, 1, repeat('x', 512));
            """);
        task.MigrationType = MigrationTypes.FullLoad;
        task.TaskSettings["TargetMetadata"] = new System.Text.Json.Nodes.JsonObject { ["LobMaxSize"] = 1 };
        await using var replicator = await task.StartAsync();
        await replicator.EndAsync();

        var rows = await task.RowsAsync("odd");
        rows[0]["ts"].Should().Be("9999-12-31 23:59:59");
        rows[0]["n"].Should().BeNull();
        rows.Select(row => row["t"]!.Length).Should().Equal(512, 512);
        var warnings = replicator.Of<LogMessage>().Where(log => log.Severity == "W").Select(log => log.Message).ToList();
        warnings.Should().ContainSingle(text => text.Contains("public.odd.t") && text.Contains("LobMaxSize"));
        warnings.Should().ContainSingle(text => text.Contains("public.odd.n") && text.Contains("NaN"));
    }
}
