using System.Globalization;
using System.Text.Json.Nodes;
using Cdc.Cli.Commands;
using Cdc.Cli.Output;
using Cdc.Harness.Pipelines;
using Cdc.Harness.Pipelines.State;
using LocalAws.Hosting;

namespace Cdc.Cli.Tests.OnLocalAws;

/// <summary>What <c>make start</c> and <c>make reload</c> do to a database, its task, and the job's state.</summary>
public sealed class StartTests(LocalPlaceFixture place) : IClassFixture<LocalPlaceFixture>, IDisposable
{
    private const string Sql = """
        CREATE TABLE filled (id int PRIMARY KEY, v text); INSERT INTO filled SELECT n, 'x' FROM generate_series(1, 25) n;
        CREATE TYPE mood AS ENUM ('good', 'bad');
        CREATE DOMAIN short AS varchar(10); CREATE DOMAIN shorter AS short NOT NULL;
        CREATE TABLE empty (
          b int, a bigint, price numeric(10,2) NOT NULL, total numeric, at timestamptz(3), tags text[], m mood, s shorter,
          "Odd name" char(4), dropped int, twice int GENERATED ALWAYS AS (b * 2) STORED, PRIMARY KEY (a, b));
        ALTER TABLE empty DROP COLUMN dropped;
        """;

    private static readonly ReplicatedTable Filled = new("public", "filled", ["id"]);
    private static readonly ReplicatedTable Empty = new("public", "empty", ["a", "b"]);
    private static readonly ReplicatedTable Late = new("public", "late", ["id"]);

    private readonly CancellationTokenSource _limit = new(TimeSpan.FromMinutes(3));

    private CancellationToken InTime => _limit.Token;

    public void Dispose() => _limit.Dispose();

    [Fact]
    public async Task The_first_start_loads_every_table_and_records_its_load_and_its_columns_of_one_without_rows_too()
    {
        using var pipeline = await LocalPipeline.CreateAsync(place, "first_start", Sql, [Filled, Empty], InTime);

        await StartAsync(pipeline);

        (await pipeline.RawAsync("filled", "LOAD", InTime)).Should().ContainSingle();
        (await pipeline.RawAsync("empty", "", InTime)).Should().BeEmpty("there is no row");
        await ShouldBeRecordedAsync(pipeline, Filled, 25);
        await ShouldBeRecordedAsync(pipeline, Empty, 0);
        var schema = await pipeline.StateAsync("schemas/public.empty.json", InTime);
        Time(schema["read_at"]).Should().BeCloseTo(DateTimeOffset.UtcNow, TimeSpan.FromMinutes(3));
        schema.Remove("read_at");
        JsonNode.DeepEquals(schema, JsonNode.Parse("""
            {"table": "public.empty", "columns": [
              {"name": "b", "type": "integer", "nullable": false},
              {"name": "a", "type": "bigint", "nullable": false},
              {"name": "price", "type": "numeric(10,2)", "nullable": false},
              {"name": "total", "type": "numeric", "nullable": true},
              {"name": "at", "type": "timestamp(3) with time zone", "nullable": true},
              {"name": "tags", "type": "text[]", "nullable": true},
              {"name": "m", "type": "enum", "nullable": true},
              {"name": "s", "type": "character varying(10)", "nullable": false},
              {"name": "Odd name", "type": "character(4)", "nullable": true},
              {"name": "twice", "type": "integer", "nullable": true}],
             "primary_key": ["a", "b"], "replica_identity": "default", "version": 1}
            """)).Should().BeTrue(schema.ToJsonString());
    }

    [Fact]
    public async Task A_start_that_is_repeated_changes_nothing()
    {
        using var pipeline = await LocalPipeline.CreateAsync(place, "repeated", Sql, [Filled, Empty], InTime);
        await StartAsync(pipeline);
        var before = (await pipeline.StateObjectsAsync(InTime), await LoadStartsAsync(pipeline));

        await StartAsync(pipeline);

        (await pipeline.StateObjectsAsync(InTime), await LoadStartsAsync(pipeline)).Should().BeEquivalentTo(before);
        before.Item1.Should().HaveCount(4);
    }

    [Fact]
    public async Task A_table_that_was_added_is_loaded_by_the_next_start_and_no_other_is()
    {
        using var pipeline = await LocalPipeline.CreateAsync(place, "added", Sql, [Filled, Empty], InTime);
        await StartAsync(pipeline);
        await pipeline.StopAsync(InTime);
        var before = await LoadStartsAsync(pipeline);
        await pipeline.ExecuteAsync("CREATE TABLE late (id int PRIMARY KEY); INSERT INTO late SELECT generate_series(1, 9)", InTime);
        await pipeline.ConfigureAsync([Filled, Empty, Late], new Dictionary<string, JsonObject>(), InTime);

        await StartAsync(pipeline);

        (await pipeline.RawAsync("late", "LOAD", InTime)).Should().ContainSingle();
        await ShouldBeRecordedAsync(pipeline, Late, 9);
        (await LoadStartsAsync(pipeline)).Should().Contain(before).And.HaveCount(3);
    }

    [Fact]
    public async Task A_reload_is_another_load_and_the_last_five_are_kept()
    {
        using var pipeline = await LocalPipeline.CreateAsync(place, "reloads", Sql, [Filled, Empty], InTime);
        await StartAsync(pipeline);
        var first = (await pipeline.State.LoadsAsync("public.filled", InTime)).Single();
        for (var rows = 26; rows <= 31; rows++)
        {
            await pipeline.ExecuteAsync($"INSERT INTO filled VALUES ({rows}, 'y')", InTime);
            await ReloadAsync(pipeline, Filled);
        }

        var kept = await pipeline.State.LoadsAsync("public.filled", InTime);
        kept.Select(load => load.Rows).Should().Equal(27, 28, 29, 30, 31);
        kept.Should().OnlyContain(load => load.Complete != null && string.CompareOrdinal(load.Started, first.Complete) >= 0);
        (await pipeline.State.LoadsAsync("public.empty", InTime)).Should().ContainSingle();
    }

    [Fact]
    public async Task A_task_that_was_made_anew_has_a_load_of_every_table_without_rows_too()
    {
        using var pipeline = await LocalPipeline.CreateAsync(place, "anew", Sql, [Filled, Empty], InTime);
        await StartAsync(pipeline);
        var old = pipeline.TaskArn;
        await pipeline.StopAsync(InTime);
        await pipeline.ReplaceTaskAsync(InTime);

        await StartAsync(pipeline);

        pipeline.TaskArn.Should().NotBe(old);
        foreach (var table in new[] { Filled, Empty })
        {
            (await pipeline.State.LoadsAsync(table.Qualified, InTime)).Select(load => (load.Task, load.Complete is not null))
                .Should().Equal((old, true), (pipeline.TaskArn, true));
        }
    }

    [Fact]
    public async Task A_full_replica_identity_is_given_to_the_tables_whose_configuration_asks_for_it()
    {
        using var pipeline = await LocalPipeline.CreateAsync(place, "identities", Sql, [Filled, Empty], InTime);
        await pipeline.ConfigureAsync(
            [Filled, Empty], new Dictionary<string, JsonObject> { ["public.filled"] = new() { ["replica_identity"] = "full" } }, InTime);

        await StartAsync(pipeline);

        (await pipeline.ScalarAsync("SELECT relreplident FROM pg_class WHERE oid = 'filled'::regclass", InTime)).Should().Be("f");
        (await pipeline.ScalarAsync("SELECT relreplident FROM pg_class WHERE oid = 'empty'::regclass", InTime)).Should().Be("d");
        (await pipeline.StateAsync("schemas/public.filled.json", InTime))["replica_identity"]!.GetValue<string>().Should().Be("full");
    }

    [Fact]
    public async Task A_database_that_is_not_reached_from_here_holds_neither_the_task_nor_the_loads_up()
    {
        using var pipeline = await LocalPipeline.CreateAsync(place, "unreached", Sql, [Filled, Empty], InTime);
        await using (var deployment = await pipeline.OpenAsync(InTime, databasePort: Ports.Free()))
        {
            await StartCommand.RunAsync(deployment, InTime);
        }

        await ShouldBeRecordedAsync(pipeline, Filled, 25);
        (await pipeline.State.SchemaAsync("public.filled", InTime)).Should().BeNull();

        await StartAsync(pipeline);
        (await pipeline.State.SchemaAsync("public.filled", InTime)).Should().NotBeNull();
    }

    [Fact]
    public async Task Of_two_starts_at_once_both_end_well_and_leave_one_load_a_table()
    {
        using var pipeline = await LocalPipeline.CreateAsync(place, "twice", Sql, [Filled, Empty], InTime);

        await Task.WhenAll(StartAsync(pipeline), StartAsync(pipeline));

        (await pipeline.State.LoadsAsync("public.filled", InTime)).Should().ContainSingle();
    }

    private async Task StartAsync(LocalPipeline pipeline)
    {
        await using var deployment = await pipeline.OpenAsync(InTime);
        await StartCommand.RunAsync(deployment, InTime);
    }

    private async Task ReloadAsync(LocalPipeline pipeline, ReplicatedTable table)
    {
        await using var deployment = await pipeline.OpenAsync(InTime);
        var progress = new LoadProgress(new Dictionary<string, long>(), TimeProvider.System);
        await Loading.Of(deployment, pipeline.State, progress).ReloadAsync(
            [deployment.Pipeline.Tables.Single(known => known.Qualified == table.Qualified)], InTime);
    }

    /// <summary>When DMS says that it began to load each table.</summary>
    private async Task<IReadOnlyList<string>> LoadStartsAsync(LocalPipeline pipeline)
    {
        await using var deployment = await pipeline.OpenAsync(InTime);
        return [.. (await deployment.Dms.DescribeTableStatisticsAsync(pipeline.TaskArn, InTime)).Select(
            table => $"{table.TableName} {table.FullLoadStartTime:O}")];
    }

    /// <summary>The recorded load equals what DMS says of it.</summary>
    private async Task ShouldBeRecordedAsync(LocalPipeline pipeline, ReplicatedTable table, long rows)
    {
        await using var deployment = await pipeline.OpenAsync(InTime);
        var said = (await deployment.Dms.DescribeTableStatisticsAsync(pipeline.TaskArn, InTime))
            .Single(seen => seen.TableName == table.Name);
        var name = said.FullLoadStartTime!.Value.UtcDateTime.ToString("yyyyMMdd'T'HHmmss'Z'", CultureInfo.InvariantCulture);
        var load = await pipeline.StateAsync($"loads/{table.Qualified}/{name}.json", InTime);

        Time(load["started"]).Should().BeCloseTo(said.FullLoadStartTime.Value, TimeSpan.FromMilliseconds(1));
        Time(load["complete"]).Should().BeCloseTo(said.FullLoadEndTime!.Value, TimeSpan.FromMilliseconds(1));
        load["rows"]!.GetValue<long>().Should().Be(rows);
        load["task"]!.GetValue<string>().Should().Be(pipeline.TaskArn);
        load["table"]!.GetValue<string>().Should().Be(table.Qualified);
        load["version"]!.GetValue<int>().Should().Be(1);
    }

    private static DateTimeOffset Time(JsonNode? text) => DateTimeOffset.Parse(text!.GetValue<string>(), CultureInfo.InvariantCulture);
}
