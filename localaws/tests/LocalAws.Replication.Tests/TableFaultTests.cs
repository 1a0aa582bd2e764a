using System.Text.Json.Nodes;
using FluentAssertions;
using LocalAws.Replication.Messages;
using LocalAws.Replication.Tests.Harness;
using Npgsql;

namespace LocalAws.Replication.Tests;

/// <summary>One table's trouble stays its own.</summary>
[Collection(StackCollection.Name)]
public class TableFaultTests(Stack stack)
{
    private const string Tables =
        "CREATE TABLE t (id int PRIMARY KEY, v text); CREATE TABLE other (id int PRIMARY KEY); INSERT INTO t VALUES (1, 'x');";

    [Theory]
    [InlineData("dms_seq")]
    [InlineData("Op")]
    [InlineData("dms_commit_ts")]
    [InlineData("dms_position")]
    [InlineData("dms_before_id")]
    public async Task A_column_with_a_name_of_the_files_own_suspends_its_table_until_it_is_gone(string name)
    {
        var task = await stack.NewTaskAsync(Tables);
        await using (var first = await task.StartAsync())
        {
            await first.UntilLoadedAsync("t", "other");
            await task.ExecuteAsync(
                $"ALTER TABLE t ADD COLUMN \"{name}\" text; INSERT INTO t VALUES (2, 'y', 'z'); INSERT INTO other VALUES (1)");
            await task.ChangesAsync("other", atLeast: 1);
            await first.UntilAsync("The suspension", self => self.Table("t")!.State == TableStates.Error);
            first.Of<LogMessage>().Single(
                log => log.Severity == "E").Message.Should().Contain("public.t").And.Contain($"'{name}'").And.Contain("RENAME COLUMN");
            await first.StopAsync();
        }

        // The log still has rows of the old definition behind the checkpoint; they must not hold the table up.
        await task.ExecuteAsync(
            $"INSERT INTO t VALUES (3, 'y', 'z'); ALTER TABLE t DROP COLUMN \"{name}\"; "
            + "INSERT INTO t VALUES (4, 'w'); INSERT INTO other VALUES (2)");
        await using var second = await task.StartAsync(StartTypes.Resume);
        await second.UntilLoadedAsync("t");
        await task.ChangesAsync("other", atLeast: 2);
        await task.ExecuteAsync("INSERT INTO t VALUES (5, 'v')");
        await Eventually.BecomesAsync("The last row", () => task.RowsAsync("t"), rows => rows.Exists(row => row["id"] == "5"));
        await second.StopAsync();

        (await task.RowsAsync("t")).Select(row => row["id"]).Distinct().Order(
            StringComparer.Ordinal).Should().Equal("1", "2", "3", "4", "5");
    }

    [Fact]
    public async Task A_column_of_long_values_that_comes_to_a_table_of_short_ones_is_kept_up_to_its_limit()
    {
        var task = await stack.NewTaskAsync("CREATE TABLE t (id int PRIMARY KEY, n int)");
        task.TaskSettings["TargetMetadata"] = new JsonObject { ["LobMaxSize"] = 1024 };
        await using var replicator = await task.StartAsync();
        await replicator.UntilLoadedAsync("t");
        await task.ExecuteAsync(
            "ALTER TABLE t ADD COLUMN doc jsonb; "
            + "INSERT INTO t VALUES (1, 2, jsonb_build_object('text', repeat('x', 300000)))");
        var rows = await task.ChangesAsync("t", atLeast: 1);
        await replicator.StopAsync();

        rows.Single()["doc"].Should().Be($$"""{"text": "{{new string('x', 300_000)}}"}""");
    }

    [Fact]
    public async Task A_load_takes_a_table_as_it_is_though_the_log_is_read_where_it_was_another()
    {
        var task = await stack.NewTaskAsync(Tables);
        await using (var first = await task.StartAsync())
        {
            await first.UntilLoadedAsync("t", "other");
            await task.ExecuteAsync("ALTER TABLE t ADD COLUMN \"Op\" text; INSERT INTO t VALUES (2, 'y', 'z')");
            await first.UntilAsync("The suspension", self => self.Table("t")!.State == TableStates.Error);
            await first.StopAsync();
        }

        await task.ExecuteAsync(
            "INSERT INTO t VALUES (3, 'y', 'z'); "
            + "ALTER TABLE t DROP COLUMN \"Op\"; ALTER TABLE t ADD COLUMN late int DEFAULT 7");
        // The load waits for this lock, and the log is read meanwhile.
        await using var locked = await task.OpenTransactionAsync("LOCK TABLE t IN ACCESS EXCLUSIVE MODE");
        await using var second = await task.StartAsync(StartTypes.Resume);
        await second.UntilAsync(
            "The old definition",
            self => self.Of<LogMessage>().Any(log => log.Message.Contains("The definition of public.t changed", StringComparison.Ordinal)));
        await locked.DisposeAsync();
        await second.UntilLoadedAsync("t");
        await second.StopAsync();

        (await task.RowsAsync("t")).Where(row => row.Values.TryGetValue("late", out var late) && late == "7").Select(row => row["id"])
            .Should().BeEquivalentTo("1", "2", "3");
    }

    [Fact]
    public async Task A_table_that_cannot_be_captured_from_the_start_is_said_and_the_others_are()
    {
        var task = await stack.NewTaskAsync(Tables + "CREATE TABLE bad (id int PRIMARY KEY, \"Op\" text); INSERT INTO bad VALUES (1, 'x')");
        await using (var first = await task.StartAsync())
        {
            await first.UntilLoadedAsync("t", "other");
            first.Table("bad")!.State.Should().Be(TableStates.Error);
            await first.StopAsync();
        }

        await task.ExecuteAsync("ALTER TABLE bad RENAME COLUMN \"Op\" TO op2");
        await using var second = await task.StartAsync(StartTypes.Resume);
        await second.UntilLoadedAsync("bad");
        await second.StopAsync();
        (await task.RowsAsync("bad")).Should().ContainSingle().Which["op2"].Should().Be("x");
    }

    [Fact]
    public async Task The_settings_may_make_one_tables_error_the_tasks()
    {
        var task = await stack.NewTaskAsync(Tables);
        task.TaskSettings["ErrorBehavior"] = new JsonObject { ["TableErrorPolicy"] = "STOP_TASK" };
        await using var replicator = await task.StartAsync();
        await replicator.UntilLoadedAsync("t", "other");
        await task.ExecuteAsync("ALTER TABLE t ADD COLUMN dms_seq text; INSERT INTO t VALUES (2, 'y', 'z')");
        await replicator.EndAsync();

        replicator.ExitCode.Should().Be(1);
        replicator.Of<FailedMessage>().Single().Message.Should().Contain("dms_seq").And.Contain("STOP_TASK");
    }

    [Fact]
    public async Task A_byte_that_is_no_UTF8_suspends_its_table_alone_in_load_and_changes()
    {
        var task = await stack.NewTaskAsync("SELECT 1", encoding: "SQL_ASCII");
        await task.ExecuteAsync(
            "CREATE TABLE loaded (id int PRIMARY KEY, v text); "
            + "CREATE TABLE changed (LIKE loaded INCLUDING ALL); CREATE TABLE good (LIKE loaded INCLUDING ALL)");
        await WriteRawAsync(task, "INSERT INTO loaded VALUES (1, 'fine'), (2, E'caf\\xe9')");
        await using var replicator = await task.StartAsync();
        await replicator.UntilLoadedAsync("changed", "good");
        await replicator.UntilAsync("The load's failure", self => self.Table("loaded")!.State == TableStates.Error);
        await WriteRawAsync(task, "INSERT INTO changed VALUES (1, E'caf\\xe9'); INSERT INTO good VALUES (1, E'caf\\xc3\\xa9')");
        var good = await task.ChangesAsync("good", atLeast: 1);
        await replicator.UntilAsync("The suspension", self => self.Table("changed")!.State == TableStates.Error);
        await replicator.StopAsync();

        good.Single()["v"].Should().Be("café");
        var errors = replicator.Of<LogMessage>().Where(log => log.Severity == "E").Select(log => log.Message).ToList();
        errors.Should().Contain(text => text.Contains("public.loaded.v", StringComparison.Ordinal) && text.Contains(
            "Row 2 of the load", StringComparison.Ordinal));
        errors.Should().Contain(text => text.Contains("public.changed.v", StringComparison.Ordinal) && text.Contains(
            "Change 1 of the transaction", StringComparison.Ordinal));
        errors.Should().OnlyContain(text => text.Contains("SQL_ASCII", StringComparison.Ordinal) && !text.Contains(
            "caf", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_suspended_table_does_not_hold_the_log()
    {
        var task = await stack.NewTaskAsync(Tables);
        task.S3Settings["CdcMaxBatchInterval"] = 3600;
        await using var replicator = await task.StartAsync();
        await replicator.UntilLoadedAsync("t", "other");
        await task.ExecuteAsync("INSERT INTO t VALUES (2, 'staged')");
        await task.ExecuteAsync("ALTER TABLE t ADD COLUMN dms_seq text; INSERT INTO t VALUES (3, 'y', 'z')");
        await replicator.UntilAsync("The suspension", self => self.Table("t")!.State == TableStates.Error);
        var behind = await task.ScalarAsync("SELECT pg_current_wal_lsn()");

        await Eventually.BecomesAsync(
            "The slot's following",
            () => task.ScalarAsync($"SELECT confirmed_flush_lsn >= '{behind}' FROM pg_replication_slots WHERE slot_name = '{task.Slot}'"),
            reached => reached == "t");
        await replicator.StopAsync();
    }

    [Fact]
    public async Task A_changed_scale_is_noticed_though_the_log_does_not_tell_it()
    {
        var task = await stack.NewTaskAsync("CREATE TABLE t (id int PRIMARY KEY, n numeric(10,2)); INSERT INTO t VALUES (1, 1.25)");
        await using var replicator = await task.StartAsync();
        await replicator.UntilLoadedAsync("t");
        await task.ExecuteAsync("ALTER TABLE t ALTER COLUMN n TYPE numeric(14,4); INSERT INTO t VALUES (2, 1.2525)");
        var changes = await task.ChangesAsync("t", atLeast: 1);
        await replicator.StopAsync();

        changes.Single(row => row["id"] == "2")["n"].Should().Be("1.2525");
    }

    [Fact]
    public async Task Columns_that_come_go_and_change_their_type_leave_every_row_with_the_values_of_its_time()
    {
        var task = await stack.NewTaskAsync("CREATE TABLE t (id int PRIMARY KEY, a int, b text)");
        await using var replicator = await task.StartAsync();
        await replicator.UntilLoadedAsync("t");
        // Read only when all is done: the log then has definitions that the catalog has forgotten.
        await using (await task.OpenTransactionAsync("SELECT 1"))
        {
            await task.ExecuteAsync("INSERT INTO t VALUES (1, 1, 'one')");
            await task.ExecuteAsync("ALTER TABLE t DROP COLUMN b; INSERT INTO t VALUES (2, 2)");
            await task.ExecuteAsync("ALTER TABLE t ADD COLUMN c int DEFAULT 7; INSERT INTO t VALUES (3, 3, 3)");
            await task.ExecuteAsync("ALTER TABLE t RENAME COLUMN a TO renamed; INSERT INTO t VALUES (4, 4, 4)");
            await task.ExecuteAsync("ALTER TABLE t ALTER COLUMN c TYPE text; INSERT INTO t VALUES (5, 5, 'five')");
            await task.ExecuteAsync("DELETE FROM t WHERE id = 1");
        }

        var changes = await task.ChangesAsync("t", atLeast: 6);
        await replicator.StopAsync();

        string Describe(RawRow row) => row.Operation + " " + string.Join(' ', row.Values
            .Where(pair => !pair.Key.StartsWith("dms_", StringComparison.Ordinal) && pair.Key != "Op" && pair.Value is not null)
                .Select(pair => $"{pair.Key}={pair.Value}"));
        changes.Select(Describe).Should().Equal(
            "I id=1 a=1 b=one", "I id=2 a=2", "I id=3 a=3 c=3", "I id=4 renamed=4 c=4", "I id=5 renamed=5 c=five", "D id=1");
    }

    private static async Task WriteRawAsync(TestTask task, string sql)
    {
        await using var connection = new NpgsqlConnection(task.ConnectionString + ";Client Encoding=SQL_ASCII");
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync();
    }
}
