using System.Text.Json.Nodes;
using FluentAssertions;
using LocalAws.Replication.Messages;
using LocalAws.Replication.Tests.Harness;

namespace LocalAws.Replication.Tests;

[Collection(SecondStackCollection.Name)]
public sealed class RecoveryTests(Stack stack)
{
    private const string Accounts =
        "CREATE TABLE accounts (id int PRIMARY KEY, balance int); INSERT INTO accounts SELECT n, 0 FROM generate_series(1, 20000) n;";

    [Fact]
    public async Task A_table_that_is_written_while_it_is_loaded_ends_equal_to_its_source()
    {
        var task = await stack.NewTaskAsync(Accounts);
        using var writing = new CancellationTokenSource();
        var writer = WriteAsync(task, writing.Token);
        await using var replicator = await task.StartAsync();
        await replicator.UntilLoadedAsync("accounts");
        await Eventually.BecomesAsync("Changes after the load", () => task.ChangesAsync("accounts"), rows => rows.Count > 50);
        await writing.CancelAsync();
        await writer;
        await SettleAsync(task, replicator);

        await task.ShouldEqualSourceAsync("accounts", "id", "balance");
    }

    [Fact]
    public async Task Rows_of_a_table_without_key_that_are_written_during_the_load_may_come_twice_and_never_zero_times()
    {
        // As on DMS: the load has its own snapshot, later than the slot. The log loads last, behind a table whose file is held up.
        var task = await stack.NewTaskAsync(Accounts + "CREATE TABLE log (id int, what text);");
        task.TaskSettings["FullLoadSettings"] = new JsonObject { ["MaxFullLoadSubTasks"] = 1 };
        await using var wire = new Relay(stack.S3.Endpoint);
        task.Endpoint = wire.Endpoint;
        wire.HoldWrites();
        await using var replicator = await task.StartAsync();
        await replicator.UntilAsync("The load of accounts", self => self.Table("accounts")?.State == TableStates.FullLoad);
        await task.ExecuteAsync("INSERT INTO log SELECT n, 'x' FROM generate_series(1, 10) n");
        wire.PassWrites();
        await replicator.UntilLoadedAsync("accounts", "log");
        await task.ExecuteAsync("INSERT INTO log VALUES (11, 'after')");
        await task.ChangesAsync("log", atLeast: 11);
        await replicator.StopAsync();

        var rows = await task.RowsAsync("log");
        rows.Where(row => row["dms_seq"] is null).Select(row => row["id"]).Should().Equal(
            Enumerable.Range(1, 10).Select(n => $"{n}"), "the rows lay before the table's load");
        rows.Where(row => row["dms_seq"] is not null).Select(row => row["id"]).Should().Equal(
            Enumerable.Range(1, 11).Select(n => $"{n}"), "and behind the slot");
    }

    [Fact]
    public async Task Nothing_is_lost_or_repeated_between_stop_and_resume()
    {
        var task = await stack.NewTaskAsync(Accounts);
        await using (var first = await task.StartAsync())
        {
            await first.UntilLoadedAsync("accounts");
            await task.ExecuteAsync("UPDATE accounts SET balance = 1 WHERE id <= 10");
            await first.StopAsync();
            first.Of<StoppedMessage>().Single().Reason.Should().Be(StopReasons.Normal);
        }

        (await task.ChangesAsync("accounts")).Should().HaveCount(10, "a stop writes what is staged at once");
        await task.ExecuteAsync("UPDATE accounts SET balance = 2 WHERE id <= 10");
        await using (var second = await task.StartAsync(StartTypes.Resume))
        {
            await task.ChangesAsync("accounts", atLeast: 20);
            await second.StopAsync();
        }

        var changes = await task.ChangesAsync("accounts");
        changes.Select(row => row["balance"]).Should().Equal(Enumerable.Repeat("1", 10).Concat(Enumerable.Repeat("2", 10)));
        changes.Select(row => row["dms_seq"]!).Should().BeInAscendingOrder(StringComparer.Ordinal).And.OnlyHaveUniqueItems();
        (await task.RowsAsync("accounts")).Count(row => row["dms_seq"] is null).Should().Be(20_000, "a loaded table is not loaded again");
        await task.ShouldEqualSourceAsync("accounts", "id", "balance");
    }

    [Fact]
    public async Task Kill_minus_nine_loses_nothing_and_a_change_that_comes_again_has_the_sequence_it_had()
    {
        var task = await stack.NewTaskAsync(Accounts);
        using var writing = new CancellationTokenSource();
        await using (var first = await task.StartAsync())
        {
            await first.UntilLoadedAsync("accounts");
        }

        var writer = WriteAsync(task, writing.Token);
        for (var life = 0; life < 3; life++)
        {
            await using var replicator = await task.StartAsync(StartTypes.Resume);
            var known = (await task.ObjectsAsync()).Count;
            await Eventually.BecomesAsync("New objects", async () => (await task.ObjectsAsync()).Count, count => count > known + life);
            await replicator.KillAsync();
        }

        await writing.CancelAsync();
        await writer;
        await using (var last = await task.StartAsync(StartTypes.Resume))
        {
            await SettleAsync(task, last);
        }

        await task.ShouldEqualSourceAsync("accounts", "id", "balance");
        foreach (var same in (await task.ChangesAsync("accounts")).GroupBy(row => row["dms_seq"]))
        {
            same.Select(row => (row.Operation, row["id"], row["balance"], row["dms_position"], row["dms_commit_ts"])).Distinct().Should()
                .ContainSingle();
        }
    }

    [Fact]
    public async Task The_confirmed_position_waits_for_the_objects_and_follows_on_an_idle_database()
    {
        var task = await stack.NewTaskAsync(Accounts + "CREATE TABLE other (n int);");
        task.Mappings = TestTask.AllTables().Replace("\"%\"", "\"accounts\"", StringComparison.Ordinal);
        task.S3Settings["CdcMaxBatchInterval"] = 3600;
        await using var replicator = await task.StartAsync();
        await replicator.UntilLoadedAsync("accounts");

        // Nothing of the task's: the slot must not keep the log of other tables' changes.
        await task.ExecuteAsync("INSERT INTO other SELECT generate_series(1, 10000)");
        var idle = await task.ScalarAsync("SELECT pg_current_wal_lsn()");
        await Eventually.BecomesAsync("The slot's following", () => ConfirmedAsync(task, idle!), reached => reached);

        // A change that is staged only: the slot must not pass it, whatever comes after it.
        await task.ExecuteAsync("UPDATE accounts SET balance = 7 WHERE id = 1");
        var committed = await task.ScalarAsync("SELECT pg_current_wal_lsn()");
        var announced = replicator.Of<CheckpointMessage>().Count();
        await task.ExecuteAsync("INSERT INTO other SELECT generate_series(1, 10000)");
        await Eventually.BecomesAsync(
            "The change's sending",
            () => task.ScalarAsync(
                $"SELECT bool_or(sent_lsn >= '{committed}') FROM pg_stat_replication r "
                + "JOIN pg_replication_slots s ON s.active_pid = r.pid "
                + $"WHERE s.slot_name = '{task.Slot}'"),
            sent => sent == "t");
        (await ConfirmedAsync(task, committed!)).Should().BeFalse();
        (await task.ObjectsAsync()).Keys.Should().Equal("raw/public/accounts/LOAD00000001.parquet");

        await replicator.StopAsync();
        (await ConfirmedAsync(task, committed!)).Should().BeTrue();
        (await task.ObjectsAsync()).Should().HaveCount(2);
        announced.Should().BePositive();
    }

    [Fact]
    public async Task An_interrupted_load_starts_again_on_resume()
    {
        var task = await stack.NewTaskAsync(Accounts);
        await using (var wire = new Relay(stack.S3.Endpoint))
        {
            task.Endpoint = wire.Endpoint;
            wire.HoldWrites();
            await using var first = await task.StartAsync();
            await first.UntilAsync("The load of accounts", self => self.Table("accounts")?.State == TableStates.FullLoad);
            await first.KillAsync();
        }

        task.Endpoint = stack.S3.Endpoint;
        await using (var second = await task.StartAsync(StartTypes.Resume))
        {
            await second.UntilLoadedAsync("accounts");
            await second.StopAsync();
        }

        (await task.RowsAsync("accounts")).Select(row => row["id"]).Should().Equal(Enumerable.Range(1, 20_000).Select(n => $"{n}"));
    }

    [Fact]
    public async Task Reload_target_loads_every_table_again_and_goes_on_with_changes()
    {
        var task = await stack.NewTaskAsync(Accounts);
        await using (var first = await task.StartAsync())
        {
            await first.UntilLoadedAsync("accounts");
            await first.StopAsync();
        }

        await task.ExecuteAsync("UPDATE accounts SET balance = 5");
        await using (var second = await task.StartAsync(StartTypes.Reload))
        {
            await second.UntilLoadedAsync("accounts");
            await task.ExecuteAsync("DELETE FROM accounts WHERE id = 1");
            await second.StopAsync();
        }

        var rows = await task.RowsAsync("accounts");
        rows.Where(row => row["dms_seq"] is null).Select(row => row["balance"]).Distinct().Should().Equal("5");
        await task.ShouldEqualSourceAsync("accounts", "id", "balance");
    }

    [Fact]
    public async Task A_reload_that_is_killed_before_its_slot_exists_cannot_be_resumed_from_the_life_before()
    {
        var task = await stack.NewTaskAsync(Accounts);
        await using (var first = await task.StartAsync())
        {
            await first.UntilLoadedAsync("accounts");
            await first.StopAsync();
        }

        // A transaction that has written and is open: the slot waits for its end.
        await using (await task.OpenTransactionAsync("INSERT INTO accounts VALUES (-1, -1)"))
        {
            await using var second = await task.StartAsync(StartTypes.Reload);
            await second.UntilAsync(
                "The slot's creation",
                self => self.Of<LogMessage>().Any(log => log.Message.Contains("Creating the replication slot", StringComparison.Ordinal)));
            await second.KillAsync();
        }

        await ShouldNotResumeAsync(task);
    }

    [Fact]
    public async Task A_slot_that_begins_behind_the_checkpoint_is_refused()
    {
        var task = await stack.NewTaskAsync(Accounts);
        await using (var first = await task.StartAsync())
        {
            await first.UntilLoadedAsync("accounts");
            await first.StopAsync();
        }

        await task.ExecuteAsync($"SELECT pg_drop_replication_slot('{task.Slot}')");
        await task.ExecuteAsync("UPDATE accounts SET balance = 5 WHERE id = 1");
        await task.ExecuteAsync($"SELECT pg_create_logical_replication_slot('{task.Slot}', 'test_decoding')");

        await ShouldNotResumeAsync(task);
    }

    [Fact]
    public async Task A_stop_whose_last_upload_fails_is_a_failure()
    {
        var task = await stack.NewTaskAsync(Accounts);
        task.S3Settings["CdcMaxBatchInterval"] = 3600;
        await using var replicator = await task.StartAsync();
        await replicator.UntilLoadedAsync("accounts");
        await task.ExecuteAsync("UPDATE accounts SET balance = 5 WHERE id = 1");
        foreach (var key in (await task.ObjectsAsync()).Keys)
        {
            await stack.S3.Client.DeleteObjectAsync(task.Bucket, key);
        }

        await stack.S3.Client.DeleteBucketAsync(task.Bucket);
        await replicator.AskToStopAsync();
        await replicator.EndAsync();

        replicator.ExitCode.Should().Be(1, replicator.Describe());
        replicator.Of<FailedMessage>().Single().Message.Should().Contain("could not be written");
    }

    [Fact]
    public async Task A_disk_that_cannot_take_a_change_fails_the_task_and_is_named()
    {
        var task = await stack.NewTaskAsync(Accounts);
        await using var replicator = await task.StartAsync();
        await replicator.UntilLoadedAsync("accounts");
        var staging = task.Specification().StateFile + ".staging";
        Directory.Delete(staging, recursive: true);
        await task.ExecuteAsync("UPDATE accounts SET balance = 5 WHERE id = 1");
        await replicator.EndAsync();

        replicator.ExitCode.Should().Be(1, replicator.Describe());
        replicator.Of<FailedMessage>().Single().Message.Should().Contain(staging).And.Contain("resume-processing");
    }

    [Theory]
    [InlineData("StopTaskCachedChangesApplied", StopReasons.AfterCachedEvents)]
    [InlineData("StopTaskCachedChangesNotApplied", StopReasons.AfterFullLoad)]
    public async Task A_task_may_stop_by_itself_after_the_load(string setting, string reason)
    {
        var task = await stack.NewTaskAsync(Accounts);
        task.TaskSettings["FullLoadSettings"] = new JsonObject { [setting] = true };
        await using (var first = await task.StartAsync())
        {
            await first.EndAsync();
            first.Of<StoppedMessage>().Single().Reason.Should().Be(reason, first.Describe());
        }

        await task.ExecuteAsync("UPDATE accounts SET balance = 5 WHERE id = 1");
        task.TaskSettings.Clear();
        await using (var second = await task.StartAsync(StartTypes.Resume))
        {
            await task.ChangesAsync("accounts", atLeast: 1);
            await second.StopAsync();
        }

        await task.ShouldEqualSourceAsync("accounts", "id", "balance");
    }

    [Fact]
    public async Task The_process_ends_when_its_parent_is_gone()
    {
        var task = await stack.NewTaskAsync(Accounts);
        await using var replicator = await task.StartAsync();
        await replicator.UntilAsync("Running", self => self.Of<RunningMessage>().Any());
        replicator.CloseInput();

        await replicator.EndAsync();
        replicator.ExitCode.Should().NotBe(0);
    }

    private static async Task ShouldNotResumeAsync(TestTask task)
    {
        await using var resumed = await task.StartAsync(StartTypes.Resume);
        await resumed.EndAsync();
        resumed.ExitCode.Should().Be(1, resumed.Describe());
        resumed.Of<FailedMessage>().Single().Message.Should().Contain("reload-target");
    }

    private static async Task<bool> ConfirmedAsync(TestTask task, string lsn) =>
        await task.ScalarAsync($"SELECT confirmed_flush_lsn >= '{lsn}' FROM pg_replication_slots WHERE slot_name = '{task.Slot}'") == "t";

    /// <summary>Works on the table in small transactions until told to stop: updates, deletes, inserts, key updates.</summary>
    private static async Task WriteAsync(TestTask task, CancellationToken stop)
    {
        for (var n = 1; !stop.IsCancellationRequested; n++)
        {
            await task.ExecuteAsync($"""
                BEGIN;
                UPDATE accounts SET balance = balance + 1 WHERE id = {n % 500};
                DELETE FROM accounts WHERE id = {20_000 - n};
                INSERT INTO accounts VALUES ({100_000 + n}, {n});
                UPDATE accounts SET id = id + 100000 WHERE id = {100_000 + n - 2};
                COMMIT;
                """);
        }
    }

    /// <summary>Waits for a last change, which every earlier one precedes, and stops.</summary>
    private static async Task SettleAsync(TestTask task, ReplicatorProcess replicator)
    {
        await task.ExecuteAsync("INSERT INTO accounts VALUES (-1, -1)");
        await Eventually.BecomesAsync(
            "The last change", () => task.ChangesAsync("accounts"), rows => rows.Exists(row => row["id"] == "-1"));
        await replicator.StopAsync();
    }
}
