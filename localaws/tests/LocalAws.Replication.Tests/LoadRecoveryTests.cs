using System.Diagnostics;
using System.Text.Json.Nodes;
using FluentAssertions;
using LocalAws.Replication.Messages;
using LocalAws.Replication.Tests.Harness;

namespace LocalAws.Replication.Tests;

/// <summary>A load that is broken off, by the network or by a stop. A policy that sleeps at each row makes it last.</summary>
[Collection(StackCollection.Name)]
public sealed class LoadRecoveryTests(Stack stack)
{
    [Fact]
    public async Task A_connection_that_is_lost_in_a_load_costs_no_row_and_the_table_goes_on()
    {
        var task = await stack.NewTaskAsync(Slow("t", rows: 400, secondsARow: 0.005));
        task.TaskSettings["ErrorBehavior"] = new JsonObject { ["RecoverableErrorInterval"] = 0 };
        await using var replicator = await task.StartAsync();
        await CopyingAsync(task, "t");
        await task.ExecuteAsync("DELETE FROM t WHERE id = 7; INSERT INTO t VALUES (1000, 'meanwhile')");
        await task.ExecuteAsync(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE query LIKE 'COPY%' AND datname = current_database()");
        await replicator.UntilLoadedAsync("t");
        await task.ExecuteAsync("UPDATE t SET v = 'after' WHERE id = 8");
        await task.ChangesAsync("t", atLeast: 3);
        await replicator.StopAsync();

        replicator.Of<LogMessage>().Should().Contain(log => log.Message.Contains(
            "The load of public.t failed and is tried again", StringComparison.Ordinal));
        await task.ShouldEqualSourceAsync("t", "id", "v");
        replicator.Table("t")!.FullLoadRows.Should().Be(400);
    }

    [Fact]
    public async Task An_attempt_that_wrote_more_files_than_the_last_one_leaves_none_of_them()
    {
        var task = await stack.NewTaskAsync(
            "CREATE TABLE t (id int PRIMARY KEY, v text); "
            + "INSERT INTO t SELECT n, repeat(md5(n::text), 30) FROM generate_series(1, 2000) n;"
            + Sleeping("t", 0.002));
        task.TaskSettings["ErrorBehavior"] = new JsonObject { ["RecoverableErrorInterval"] = 3 };
        task.S3Settings["MaxFileSize"] = 100;
        task.S3Settings["RowGroupLength"] = 50;
        await using var replicator = await task.StartAsync();
        await Eventually.BecomesAsync("Files of the first attempt", async () => (await task.ObjectsAsync()).Count, count => count >= 5);
        await task.ExecuteAsync(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE query LIKE 'COPY%' AND datname = current_database()");
        await task.ExecuteAsync("DELETE FROM t WHERE id > 120");
        await replicator.UntilLoadedAsync("t");
        await replicator.StopAsync();

        var loads = (await task.ObjectsAsync()).Keys.Where(key => key.Contains("/LOAD", StringComparison.Ordinal)).ToList();
        (await task.RowsAsync("t")).Count(row => row["dms_seq"] is null).Should().Be(120);
        loads.Should().Equal(Enumerable.Range(1, loads.Count).Select(n => $"raw/public/t/LOAD{n:X8}.parquet"));
        await task.ShouldEqualSourceAsync("t", "id", "v");
    }

    [Fact]
    public async Task A_load_that_fails_more_often_than_the_settings_allow_suspends_its_table_alone()
    {
        var task = await stack.NewTaskAsync(Slow("t", rows: 400, secondsARow: 0.02) + "CREATE TABLE other (id int PRIMARY KEY);");
        task.TaskSettings["ErrorBehavior"] = new JsonObject { ["RecoverableErrorCount"] = 0 };
        await using var replicator = await task.StartAsync();
        await CopyingAsync(task, "t");
        await replicator.UntilLoadedAsync("other");
        await task.ExecuteAsync(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE query LIKE 'COPY%\"t\"%' AND datname = current_database()");
        await replicator.UntilAsync("The suspension", self => self.Table("t")!.State == TableStates.Error);
        await task.ExecuteAsync("INSERT INTO other VALUES (1)");
        await task.ChangesAsync("other", atLeast: 1);
        await replicator.StopAsync();
    }

    [Fact]
    public async Task A_stop_does_not_wait_for_the_rest_of_a_table()
    {
        // Read to its end, the table takes three minutes.
        var task = await stack.NewTaskAsync(Slow("t", rows: 9000, secondsARow: 0.02));
        await using var replicator = await task.StartAsync();
        await CopyingAsync(task, "t");
        var stopping = Stopwatch.StartNew();
        await replicator.StopAsync();

        stopping.Elapsed.Should().BeLessThan(TimeSpan.FromSeconds(10));
        replicator.Table("t")!.State.Should().Be(TableStates.Cancelled);
        await Eventually.BecomesAsync(
            "The load's session ends",
            () => task.ScalarAsync("SELECT count(*) FROM pg_stat_activity WHERE query LIKE 'COPY%' AND datname = current_database()"),
            count => count == "0");
    }

    [Fact]
    public async Task No_table_is_said_to_be_loading_when_the_task_has_stopped()
    {
        var tables = Enumerable.Range(1, 12).Select(n => $"t{n:D2}").ToList();
        var task = await stack.NewTaskAsync(string.Concat(tables.Select(table => Slow(table, rows: 9000, secondsARow: 0.02))));
        task.TaskSettings["FullLoadSettings"] = new JsonObject { ["MaxFullLoadSubTasks"] = 3 };
        await using var replicator = await task.StartAsync();
        await replicator.UntilAsync("Three loads", self => tables.Count(table => self.Table(table)?.State == TableStates.FullLoad) == 3);
        await replicator.StopAsync();

        tables.Select(table => replicator.Table(table)!.State).Should()
            .OnlyContain(state => state == TableStates.Cancelled || state == TableStates.BeforeLoad);
        tables.Count(table => replicator.Table(table)!.State == TableStates.Cancelled).Should().Be(3);
    }

    [Fact]
    public async Task A_load_sees_what_the_endpoints_user_sees()
    {
        var task = await stack.NewTaskAsync("""
            CREATE TABLE t (id int PRIMARY KEY, v text); INSERT INTO t VALUES (1, 'hidden'), (2, 'seen');
            ALTER TABLE t ENABLE ROW LEVEL SECURITY; CREATE POLICY p ON t USING (v <> 'hidden');
            """);
        await using var replicator = await task.StartAsync();
        await replicator.UntilLoadedAsync("t");
        await replicator.StopAsync();

        (await task.RowsAsync("t")).Select(row => row["id"]).Should().Equal("2");
    }

    [Fact]
    public async Task A_table_that_the_user_may_not_read_is_suspended_with_the_grant_that_helps()
    {
        var task = await stack.NewTaskAsync("CREATE TABLE t (id int PRIMARY KEY); CREATE TABLE open (id int PRIMARY KEY)");
        var reader = $"reader_{task.Database}";
        await task.ExecuteAsync(
            $"CREATE ROLE {reader} LOGIN PASSWORD '{task.Password}' IN ROLE rds_replication; GRANT SELECT ON open TO {reader}");
        task.Username = reader;
        await using (var first = await task.StartAsync())
        {
            await first.UntilLoadedAsync("open");
            await first.UntilAsync("The suspension", self => self.Table("t")!.State == TableStates.Error);
            await first.StopAsync();
            var said = first.Of<LogMessage>().Single(log => log.Severity == "E").Message;
            said.Should().Contain($"GRANT SELECT ON \"public\".\"t\" TO \"{reader}\"");
            await task.ExecuteAsync($"GRANT SELECT ON \"public\".\"t\" TO \"{reader}\"");
        }

        await using var second = await task.StartAsync(StartTypes.Resume);
        await second.UntilLoadedAsync("t");
        await second.StopAsync();
    }

    private static string Slow(string table, int rows, double secondsARow) =>
        $"CREATE TABLE {table} (id int PRIMARY KEY, v text); "
        + $"INSERT INTO {table} SELECT n, 'x' FROM generate_series(1, {rows}) n;"
        + Sleeping(table, secondsARow);

    private static string Sleeping(string table, double secondsARow) => FormattableString.Invariant(
        $"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY; CREATE POLICY p ON {table} USING (pg_sleep({secondsARow}) IS NOT NULL);");

    private static Task<string?> CopyingAsync(TestTask task, string table) => Eventually.BecomesAsync(
        $"The load of {table}",
        () => task.ScalarAsync(
            $"SELECT count(*) FROM pg_stat_activity WHERE query LIKE 'COPY%{table}%' "
            + "AND datname = current_database() AND state = 'active'"),
        count => count == "1");
}
