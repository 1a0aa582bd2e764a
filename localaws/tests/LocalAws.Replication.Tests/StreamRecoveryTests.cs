using System.Text.Json.Nodes;
using FluentAssertions;
using LocalAws.Replication.Messages;
using LocalAws.Replication.State;
using LocalAws.Replication.Tests.Harness;

namespace LocalAws.Replication.Tests;

/// <summary>What happens to the log's reading when the connection, the disk, the slot or S3 does not hold.</summary>
[Collection(StackCollection.Name)]
public class StreamRecoveryTests(Stack stack)
{
    private const string Table = "CREATE TABLE t (id int PRIMARY KEY, v text);";

    [Fact]
    public async Task A_lost_connection_is_a_first_one_again_when_changes_came_in_between()
    {
        var task = await stack.NewTaskAsync(Table);
        task.TaskSettings["ErrorBehavior"] = new JsonObject { ["RecoverableErrorCount"] = 2, ["RecoverableErrorInterval"] = 0 };
        await using var replicator = await task.StartAsync();
        await replicator.UntilLoadedAsync("t");
        for (var loss = 1; loss <= 5; loss++)
        {
            await task.ExecuteAsync($"SELECT pg_terminate_backend(active_pid) FROM pg_replication_slots WHERE slot_name = '{task.Slot}'");
            await task.ExecuteAsync($"INSERT INTO t VALUES ({loss}, 'x')");
            await task.ChangesAsync("t", atLeast: loss);
        }

        await replicator.StopAsync();
        replicator.Of<LogMessage>().Where(
            log => log.Message.Contains("Reading the log failed", StringComparison.Ordinal)).Select(log => log.Message)
            .Should().HaveCountGreaterThanOrEqualTo(5)
            .And.OnlyContain(
                text => text.Contains("in 0 s", StringComparison.Ordinal)
                    || text.Contains("in 1 s", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Connections_lost_within_a_transaction_repeat_none_of_its_rows_and_the_task_stops_well()
    {
        const int Losses = 6;
        var task = await stack.NewTaskAsync(Table);
        task.TaskSettings["ErrorBehavior"] = new JsonObject { ["RecoverableErrorInterval"] = 0, ["RecoverableErrorThrottlingMax"] = 1 };
        await using var wire = new Relay(new Uri($"http://127.0.0.1:{stack.Postgres.Port}"));
        task.DatabasePort = wire.Endpoint.Port;
        await using var replicator = await task.StartAsync();
        await replicator.UntilLoadedAsync("t");
        wire.CutAfter(bytes: 10_000_000);
        await task.ExecuteAsync("INSERT INTO t SELECT n, repeat(md5(n::text), 20) FROM generate_series(1, 40000) n");
        for (var loss = 1; loss <= Losses; loss++)
        {
            await replicator.UntilAsync(
                $"Loss {loss}",
                self => self.Of<LogMessage>()
                    .Count(log => log.Message.Contains("Reading the log failed", StringComparison.Ordinal)) >= loss);
            if (loss < Losses)
            {
                wire.CutAfter(bytes: 10_000_000 + (loss * 1_237));
            }

            wire.Mend();
        }

        await replicator.UntilAsync("The changes", self => self.Table("t")!.AppliedInserts >= 40_000);
        await replicator.StopAsync();

        (await task.ChangesAsync("t")).Select(row => row["id"]).Should().Equal(Enumerable.Range(1, 40_000).Select(n => $"{n}"));
    }

    [Fact]
    public async Task A_slot_that_lost_its_log_fails_the_task_with_the_remedy()
    {
        var task = await stack.NewTaskAsync(Table);
        // What is staged holds the log.
        task.S3Settings["CdcMaxBatchInterval"] = 3600;
        await using var replicator = await task.StartAsync();
        await replicator.UntilLoadedAsync("t");
        await task.ExecuteAsync("INSERT INTO t VALUES (1, 'staged')");
        try
        {
            await task.ExecuteAsync("ALTER SYSTEM SET max_slot_wal_keep_size = '1MB'");
            await task.ExecuteAsync("SELECT pg_reload_conf()");
            await Eventually.BecomesAsync(
                "The slot's loss",
                async () =>
                {
                    await task.ExecuteAsync(
                        "SELECT pg_logical_emit_message(false, 'fill', repeat('x', 1000000)) FROM generate_series(1, 20)");
                    await task.ExecuteAsync("SELECT pg_switch_wal()");
                    await task.ExecuteAsync("CHECKPOINT");
                    return await task.ScalarAsync($"SELECT wal_status FROM pg_replication_slots WHERE slot_name = '{task.Slot}'");
                },
                status => status == "lost");
            await replicator.EndAsync();
        }
        finally
        {
            await task.ExecuteAsync("ALTER SYSTEM RESET max_slot_wal_keep_size");
            await task.ExecuteAsync("SELECT pg_reload_conf()");
        }

        replicator.ExitCode.Should().Be(1);
        replicator.Of<FailedMessage>().Single().Message.Should()
            .Contain(task.Slot).And.Contain("max_slot_wal_keep_size").And.Contain("reload-target");
        await using var resumed = await task.StartAsync(StartTypes.Resume);
        await resumed.EndAsync();
        resumed.Of<FailedMessage>().Single().Message.Should().Contain("reload-target");
    }

    [Fact]
    public async Task A_slot_that_is_dropped_under_a_running_task_fails_it_with_the_remedy()
    {
        var task = await stack.NewTaskAsync(Table);
        task.TaskSettings["ErrorBehavior"] = new JsonObject { ["RecoverableErrorInterval"] = 0 };
        await using var replicator = await task.StartAsync();
        await replicator.UntilLoadedAsync("t");
        await Eventually.TrueAsync("The slot is dropped", async () =>
        {
            try
            {
                await task.ExecuteAsync(
                    $"SELECT pg_terminate_backend(active_pid) FROM pg_replication_slots WHERE slot_name = '{task.Slot}' AND active; SELECT "
                    + $"pg_drop_replication_slot('{task.Slot}')");
                return (true, "dropped");
            }
            catch (Npgsql.PostgresException error) when (error.SqlState == "55006")
            {
                return (false, error.MessageText);
            }
        });
        await replicator.EndAsync();

        replicator.Of<FailedMessage>().Single().Message.Should().Contain(task.Slot).And.Contain("reload-target");
    }

    [Fact]
    public async Task No_position_is_confirmed_that_the_checkpoint_on_the_disk_has_not()
    {
        var task = await stack.NewTaskAsync(Table);
        await using var replicator = await task.StartAsync();
        await replicator.UntilLoadedAsync("t");
        await task.ExecuteAsync("INSERT INTO t VALUES (1, 'kept')");
        await task.ChangesAsync("t", atLeast: 1);
        // The next checkpoint cannot be written: its file's place is taken by a folder.
        var stateFile = task.Specification().StateFile;
        await Eventually.TrueAsync("The folder", () => Task.FromResult(TryTakePlace(stateFile + ".next")));
        await task.ExecuteAsync("INSERT INTO t VALUES (2, 'not confirmed')");
        var committed = await task.ScalarAsync("SELECT pg_current_wal_lsn()");
        await replicator.EndAsync();

        replicator.ExitCode.Should().Be(1);
        (await task.ScalarAsync($"SELECT confirmed_flush_lsn < '{committed}' FROM pg_replication_slots WHERE slot_name = '{task.Slot}'"))
            .Should().Be("t");
        Directory.Delete(stateFile + ".next");
        await using var resumed = await task.StartAsync(StartTypes.Resume);
        await Eventually.BecomesAsync("The change", () => task.ChangesAsync("t"), rows => rows.Exists(row => row["id"] == "2"));
        await resumed.StopAsync();
    }

    /// <summary>Makes a folder where no file is at that moment.</summary>
    private static (bool Taken, object? Seen) TryTakePlace(string folder)
    {
        try
        {
            Directory.CreateDirectory(folder);
            return (true, null);
        }
        catch (IOException taken)
        {
            return (false, taken.Message);
        }
    }

    [Fact]
    public async Task The_log_is_not_read_on_while_too_many_files_wait_for_S3()
    {
        var task = await stack.NewTaskAsync(Table);
        task.S3Settings["CdcMinFileSize"] = 1;
        await using var wire = new Relay(stack.S3.Endpoint);
        task.Endpoint = wire.Endpoint;
        await using var replicator = await task.StartAsync();
        await replicator.UntilLoadedAsync("t");
        wire.HoldWrites();
        var staging = task.Specification().StateFile + ".staging";
        // Files of about ten rows each: without a bound there would be 2,000 of them.
        await task.ExecuteAsync("INSERT INTO t SELECT n, 'some twenty letters x' FROM generate_series(1, 20000) n");
        await Eventually.BecomesAsync(
            "The bound", () => Task.FromResult(Directory.GetFiles(staging, "*.part").Length), files => files >= 256);
        var seen = new List<int>();
        await Eventually.BecomesAsync(
            "A second look", () => Task.FromResult(seen), looks =>
            {
                looks.Add(Directory.GetFiles(staging, "*.part").Length);
                return looks.Count > 50;
            });
        seen.Should().OnlyContain(files => files <= 260);

        wire.PassWrites();
        await replicator.UntilAsync("The changes", self => self.Table("t")!.AppliedInserts == 20_000);
        await replicator.StopAsync();
    }

    [Fact]
    public async Task A_file_is_named_after_the_last_one_of_the_life_before_though_the_clock_has_stepped_back()
    {
        var task = await stack.NewTaskAsync(Table);
        await using (var first = await task.StartAsync())
        {
            await first.UntilLoadedAsync("t");
            await task.ExecuteAsync("INSERT INTO t VALUES (1, 'x')");
            await task.ChangesAsync("t", atLeast: 1);
            await first.StopAsync();
        }

        // As if the clock of the life before had gone an hour ahead.
        var file = new TaskStateFile(task.Specification().StateFile);
        var state = file.Read()!;
        state.LastFileMillis.Should().BePositive();
        var ahead = DateTimeOffset.FromUnixTimeMilliseconds(state.LastFileMillis).AddHours(1);
        file.Write(state with { LastFileMillis = ahead.ToUnixTimeMilliseconds() });
        await using var second = await task.StartAsync(StartTypes.Resume);
        await task.ExecuteAsync("INSERT INTO t VALUES (2, 'x')");
        var changes = await task.ChangesAsync("t", atLeast: 2);
        await second.StopAsync();

        string.CompareOrdinal(changes[1].Key.Split('/')[^1], $"{ahead:yyyyMMdd-HHmmssfff}").Should().BePositive();
        new TaskStateFile(task.Specification().StateFile).Read()!.LastFileMillis.Should().BeGreaterThan(ahead.ToUnixTimeMilliseconds());
    }

    [Fact]
    public async Task Changes_of_tables_that_are_not_the_tasks_are_passed_over_whatever_their_size()
    {
        var task = await stack.NewTaskAsync(Table + "CREATE TABLE other (id int PRIMARY KEY, v text);");
        task.Mappings = TestTask.AllTables(
            TestTask.SequenceAndBeforeImages).Replace("\"table-name\":\"%\"} }", "\"table-name\":\"t\"} }", StringComparison.Ordinal);
        await using var replicator = await task.StartAsync();
        await replicator.UntilLoadedAsync("t");
        await task.ExecuteAsync("""
            BEGIN; INSERT INTO other SELECT n, repeat('x', 3000000) FROM generate_series(1, 20) n; INSERT INTO t VALUES (1, 'x');
            SELECT pg_logical_emit_message(true, 'app', 'COMMIT (at nonsense)'); INSERT INTO t VALUES (2, 'y'); TRUNCATE other; COMMIT
            """);
        var changes = await task.ChangesAsync("t", atLeast: 2);
        await replicator.StopAsync();

        changes.Select(row => (row["id"], row["dms_seq"]![16..])).Should().Equal(("1", $"{61:D19}"), ("2", $"{65:D19}"));
    }
}
