using FluentAssertions;
using LocalAws.Replication.Messages;
using LocalAws.Replication.Tests.Harness;
using Npgsql;
using Npgsql.Replication;
using Npgsql.Replication.TestDecoding;

namespace LocalAws.Replication.Tests;

/// <summary>Nothing that was open when a task began is lost.</summary>
[Collection(SecondStackCollection.Name)]
public sealed class StartTests(Stack stack)
{
    private const int Rounds = 20;
    private const string Table = "CREATE TABLE t (id int PRIMARY KEY, v text); INSERT INTO t SELECT n, 'old' FROM generate_series(1, 3) n;";

    [Theory]
    [InlineData(StartTypes.Start)]
    [InlineData(StartTypes.Reload)]
    public async Task Transactions_that_are_open_or_prepared_are_whole_in_load_or_changes_beside_a_second_reader(string startType)
    {
        var task = await stack.NewTaskAsync(Table);
        await using var reader = await SecondReader.StartAsync(task);
        if (startType == StartTypes.Reload)
        {
            await using var first = await task.StartAsync();
            await first.UntilLoadedAsync("t");
            await first.StopAsync();
        }

        for (var round = 0; round < Rounds; round++)
        {
            await task.EmptyAsync();
            var prepared = $"prepared-{task.Database}-{round}";
            await task.ExecuteAsync($"BEGIN; INSERT INTO t VALUES ({1000 + round}, 'prepared'); PREPARE TRANSACTION '{prepared}'");
            var open = await task.OpenTransactionAsync(
                $"INSERT INTO t VALUES ({2000 + round}, 'open'); UPDATE t SET v = 'open {round}' WHERE id = 1; DELETE FROM t "
                + $"WHERE id = {2000 + round - 1}");
            // The second reader makes the server write down where it is, within the open transactions.
            await task.ExecuteAsync("CHECKPOINT; SELECT pg_log_standby_snapshot()".Replace(
                "; SELECT pg_log_standby_snapshot()", stack.Postgres.Major >= 16
                    ? "; SELECT pg_log_standby_snapshot()"
                    : "", StringComparison.Ordinal));
            await using var replicator = await task.StartAsync(startType);
            await HeldUpAsync(task, replicator);
            await task.ExecuteAsync($"INSERT INTO t VALUES ({3000 + round}, 'meanwhile')");
            await open.CommitAsync();
            await task.ExecuteAsync($"COMMIT PREPARED '{prepared}'");
            await replicator.UntilLoadedAsync("t");
            await task.ExecuteAsync($"UPDATE t SET v = 'last {round}' WHERE id = 2");
            await replicator.StopAsync();

            await task.ShouldEqualSourceAsync("t", "id", "v");
        }
    }

    [Fact]
    public async Task A_load_waits_for_transactions_that_are_open_when_it_begins_though_its_slot_was_there()
    {
        var task = await stack.NewTaskAsync(Table);
        task.PostgreSqlSettings["SlotName"] = task.Slot + "_given";
        await task.ExecuteAsync($"SELECT pg_create_logical_replication_slot('{task.Slot}_given', 'test_decoding')");
        var open = await task.OpenTransactionAsync("INSERT INTO t VALUES (10, 'open')");
        await task.ExecuteAsync($"BEGIN; INSERT INTO t VALUES (11, 'prepared'); PREPARE TRANSACTION 'wait-{task.Database}'");
        await using var replicator = await task.StartAsync();
        await replicator.UntilAsync("The wait", Waits);
        replicator.Of<LogMessage>().Single(log => log.Message.StartsWith("Loads begin", StringComparison.Ordinal)).Message.Should()
            .Contain($"wait-{task.Database}").And.Contain("process ");
        await open.CommitAsync();
        replicator.Of<RunningMessage>().Should().BeEmpty("the prepared transaction is open still");
        await task.ExecuteAsync($"COMMIT PREPARED 'wait-{task.Database}'");
        await replicator.UntilLoadedAsync("t");
        await replicator.StopAsync();

        (await task.RowsAsync("t")).Where(row => row["dms_seq"] is null).Select(row => row["id"]).Should().Equal("1", "2", "3", "10", "11");
    }

    [Fact]
    public async Task A_wait_that_exceeds_its_limit_is_said_with_who_holds_it_up_or_fails_the_task()
    {
        var task = await stack.NewTaskAsync(Table);
        task.PostgreSqlSettings["SlotName"] = task.Slot;
        await task.ExecuteAsync($"SELECT pg_create_logical_replication_slot('{task.Slot}', 'test_decoding')");
        task.TaskSettings["FullLoadSettings"] = new System.Text.Json.Nodes.JsonObject { ["TransactionConsistencyTimeout"] = 1 };
        task.TaskSettings["ErrorBehavior"] = new System.Text.Json.Nodes.JsonObject { ["FailOnTransactionConsistencyBreached"] = true };
        await using var open = await task.OpenTransactionAsync("INSERT INTO t VALUES (10, 'open')");
        await using var replicator = await task.StartAsync();
        await replicator.EndAsync();

        replicator.ExitCode.Should().Be(1);
        replicator.Of<FailedMessage>().Single().Message.Should().Contain("TransactionConsistencyTimeout").And.Contain("End them: process ");
    }

    [Fact]
    public async Task The_endpoints_slot_is_read_from_where_it_is_and_stays_when_the_task_is_deleted()
    {
        var task = await stack.NewTaskAsync(Table);
        var given = task.Slot + "_given";
        task.PostgreSqlSettings["SlotName"] = given;
        task.MigrationType = MigrationTypes.Cdc;
        await task.ExecuteAsync($"SELECT pg_create_logical_replication_slot('{given}', 'test_decoding')");
        await task.ExecuteAsync("INSERT INTO t VALUES (4, 'before the start')");
        await using (var replicator = await task.StartAsync())
        {
            await task.ChangesAsync("t", atLeast: 1);
            await replicator.StopAsync();
        }

        (await task.QueryAsync("SELECT slot_name FROM pg_replication_slots WHERE database = current_database()")).Select(row => row[0])
            .Should().Equal(given);
        await using var cleaning = await ReplicatorProcess.StartAsync(task.Specification(), "clean-up");
        await cleaning.EndAsync();
        (await task.QueryAsync($"SELECT FROM pg_replication_slots WHERE slot_name = '{given}'")).Should().ContainSingle();
    }

    [Theory]
    [InlineData("pgoutput", "test_decoding")]
    [InlineData("elsewhere", "another database")]
    public async Task A_slot_that_cannot_be_read_is_refused_by_name(string kind, string reason)
    {
        var task = await stack.NewTaskAsync(Table);
        var other = kind == "elsewhere" ? await stack.NewTaskAsync("SELECT 1") : task;
        task.PostgreSqlSettings["SlotName"] = task.Slot;
        await other.ExecuteAsync(
            $"SELECT pg_create_logical_replication_slot('{task.Slot}', '{(kind == "pgoutput" ? "pgoutput" : "test_decoding")}')");
        await using var replicator = await task.StartAsync();
        await replicator.EndAsync();

        replicator.Of<FailedMessage>().Single().Message.Should().Contain(task.Slot).And.Contain(reason);
        await other.ExecuteAsync($"SELECT pg_drop_replication_slot('{task.Slot}')");
    }

    [Theory]
    [InlineData("statement_timeout", "1s")]
    [InlineData("lock_timeout", "300ms")]
    [InlineData("idle_in_transaction_session_timeout", "300ms")]
    [InlineData("transaction_timeout", "1s")]
    [InlineData("search_path", "nowhere")]
    [InlineData("datestyle", "German")]
    [InlineData("default_transaction_read_only", "on")]
    public async Task What_the_database_limits_for_its_applications_ends_neither_slot_nor_load(string setting, string value)
    {
        var task = await stack.NewTaskAsync("""
            CREATE TABLE t (id int PRIMARY KEY, at timestamp, v text);
            INSERT INTO t SELECT n, '2024-02-03 04:05:06', 'x' FROM generate_series(1, 150) n;
            ALTER TABLE t ENABLE ROW LEVEL SECURITY; CREATE POLICY slow ON t USING (pg_sleep(0.01) IS NOT NULL);
            """);
        if (setting == "transaction_timeout" && stack.Postgres.Major < 17)
        {
            setting = "idle_session_timeout";
        }

        await using (var open = await task.OpenTransactionAsync("INSERT INTO t VALUES (-1, now(), 'open')"))
        {
            await task.ExecuteAsync(
                $"ALTER DATABASE {task.Database} SET {setting} = '{value}'; "
                + $"ALTER ROLE admin SET {(setting == "search_path" ? "work_mem = '4MB'" : $"{setting} = '{value}'")}");
            await using var replicator = await task.StartAsync();
            await replicator.UntilAsync(
                "The wait",
                self => self.Of<LogMessage>().Any(log => log.Message.Contains("transactions that are open", StringComparison.Ordinal)));
            // Longer than the settings allow.
            await stack.Postgres.ExecuteAsync("postgres", "SELECT pg_sleep(1.5)");
            await open.CommitAsync();
            await replicator.UntilLoadedAsync("t");
            await task.ExecuteAsync("BEGIN READ WRITE; INSERT INTO public.t VALUES (-2, '2024-02-03 04:05:06', 'last'); COMMIT");
            await task.ChangesAsync("t", atLeast: 1);
            await replicator.StopAsync();
        }

        await stack.Postgres.ExecuteAsync("postgres", "ALTER ROLE admin RESET ALL");
        (await task.ChangesAsync("t")).Single()["at"].Should().Be("2024-02-03 04:05:06");
        (await task.RowsAsync("t")).Count.Should().Be(152);
    }

    /// <summary>
    /// Waits until the open transactions hold the task up: in the server, which makes no slot while they are open, or in the engine, where
    /// the server made one. Servers that have the fault (before 15.8 and 16.4) do; an engine that did not wait would have loaded by then.
    /// </summary>
    private static Task HeldUpAsync(TestTask task, ReplicatorProcess replicator) => Eventually.TrueAsync("The task is held up", async () =>
    {
        var slot = await task.ScalarAsync($"""
            SELECT CASE WHEN EXISTS (SELECT FROM pg_replication_slots WHERE slot_name = '{task.Slot}'
              AND confirmed_flush_lsn IS NOT NULL) THEN 'made'
              WHEN EXISTS (SELECT FROM pg_stat_activity WHERE query LIKE '%pg_create_logical_replication_slot%'
                AND wait_event_type = 'Lock') THEN 'waits' END
            """);
        return (slot == "waits"
            || (slot == "made" && (Waits(replicator) || replicator.Table("t")?.State == TableStates.Completed)),
            replicator.Describe());
    });

    private static bool Waits(ReplicatorProcess self) =>
        self.Of<LogMessage>().Any(log => log.Message.StartsWith("Loads begin", StringComparison.Ordinal));

    /// <summary>Another consumer of the server's log, as a second pipeline or Debezium is.</summary>
    private sealed class SecondReader : IAsyncDisposable
    {
        private readonly LogicalReplicationConnection _connection;
        private readonly CancellationTokenSource _end = new();
        private readonly Task _reading;

        private SecondReader(LogicalReplicationConnection connection, string slot)
        {
            _connection = connection;
            _reading = ReadAsync(slot);
        }

        public static async Task<SecondReader> StartAsync(TestTask task)
        {
            var slot = $"second_{task.Database}";
            await task.ExecuteAsync($"SELECT pg_create_logical_replication_slot('{slot}', 'test_decoding')");
            var connection = new LogicalReplicationConnection(task.ConnectionString);
            await connection.Open();
            return new SecondReader(connection, slot);
        }

        public async ValueTask DisposeAsync()
        {
            await _end.CancelAsync();
            await _reading;
            await _connection.DisposeAsync();
            _end.Dispose();
        }

        private async Task ReadAsync(string slot)
        {
            try
            {
                await foreach (var message in _connection.StartReplication(new TestDecodingReplicationSlot(slot), _end.Token))
                {
                    _connection.SetReplicationStatus(message.WalEnd);
                }
            }
            catch (OperationCanceledException)
            {
            }
        }
    }
}
