using FluentAssertions;
using LocalAws.Replication.Messages;
using LocalAws.Replication.Tests.Harness;

namespace LocalAws.Replication.Tests;

/// <summary>What a running task means to the application, and what of old rows the log tells.</summary>
[Collection(StackCollection.Name)]
public class IdentityTests(Stack stack)
{
    [Theory]
    [InlineData("PRIMARY KEY (id) DEFERRABLE INITIALLY DEFERRED", "SELECT 1")]
    [InlineData("PRIMARY KEY (id)", "ALTER TABLE t DROP CONSTRAINT t_pkey")]
    [InlineData("PRIMARY KEY (id)", "ALTER TABLE t REPLICA IDENTITY NOTHING")]
    [InlineData("PRIMARY KEY (id)", "ALTER TABLE t REPLICA IDENTITY FULL")]
    [InlineData("PRIMARY KEY (id)", "ALTER TABLE t ALTER COLUMN id TYPE bigint")]
    [InlineData("PRIMARY KEY (id)", "ALTER TABLE t DROP CONSTRAINT t_pkey, ADD PRIMARY KEY (id) DEFERRABLE")]
    [InlineData("PRIMARY KEY (id)", "ALTER TABLE t SET UNLOGGED")]
    [InlineData("UNIQUE (v)", "SELECT 1")]
    public async Task No_statement_of_the_application_fails_because_a_task_runs(string key, string change)
    {
        var task = await stack.NewTaskAsync(
            $"CREATE TABLE t (id int NOT NULL, v int NOT NULL, {key}); CREATE TABLE other (id int PRIMARY KEY); INSERT INTO t "
            + "VALUES (1, 1), (2, 2), (3, 3)");
        await using var replicator = await task.StartAsync();
        await replicator.UntilLoadedAsync("t", "other");
        await task.ExecuteAsync(change);

        await task.ExecuteAsync("UPDATE t SET v = 10 WHERE id = 1");
        await task.ExecuteAsync("UPDATE t SET id = 20 WHERE id = 2");
        await task.ExecuteAsync("DELETE FROM t WHERE id = 3");
        await task.ExecuteAsync("INSERT INTO t VALUES (4, 4)");
        await task.ExecuteAsync("TRUNCATE t");
        await task.ExecuteAsync("INSERT INTO other VALUES (1)");

        await task.ChangesAsync("other", atLeast: 1);
        await replicator.StopAsync();
    }

    [Theory]
    [InlineData("CREATE TABLE t (id int PRIMARY KEY DEFERRABLE, v int)")]
    [InlineData("CREATE TABLE t (id int PRIMARY KEY, v int); ALTER TABLE t REPLICA IDENTITY NOTHING")]
    [InlineData("CREATE TABLE t (id int PRIMARY KEY, v int NOT NULL UNIQUE); ALTER TABLE t REPLICA IDENTITY USING INDEX t_v_key")]
    public async Task A_delete_that_the_log_does_not_tell_suspends_its_table_and_no_other(string sql)
    {
        var task = await stack.NewTaskAsync(sql + "; CREATE TABLE other (id int PRIMARY KEY); INSERT INTO t VALUES (1, 1), (2, 2)");
        await using var replicator = await task.StartAsync();
        await replicator.UntilLoadedAsync("t", "other");
        replicator.Of<LogMessage>().Should().Contain(
            log => log.Severity == "W" && log.Message.Contains("public.t", StringComparison.Ordinal) && log.Message.Contains(
                "REPLICA IDENTITY", StringComparison.Ordinal),
            "it is known before it happens");
        await task.ExecuteAsync("UPDATE t SET v = 10 WHERE id = 1; DELETE FROM t WHERE id = 2; INSERT INTO other VALUES (1)");
        await task.ChangesAsync("other", atLeast: 1);
        await replicator.UntilAsync("The suspension", self => self.Table("t")!.State == TableStates.Error);

        replicator.Of<LogMessage>().Should().ContainSingle(log => log.Severity == "E").Which.Message.Should()
            .Contain("public.t").And.Contain("key column id").And.Contain("REPLICA IDENTITY").And.Contain("Change 2 of the transaction");
        await replicator.StopAsync();

        // Full identity is the remedy for all three, and a resumed task loads the table again.
        await task.ExecuteAsync("ALTER TABLE t REPLICA IDENTITY FULL");
        await using var second = await task.StartAsync(StartTypes.Resume);
        await second.UntilLoadedAsync("t");
        await task.ExecuteAsync("DELETE FROM t");
        await second.StopAsync();
        (await task.RowsAsync("t")).Where(row => row["dms_seq"] is null).Select(row => row["v"]).Should().Equal("10");
        (await task.ChangesAsync("t")).Last(row => row.Operation == "D")["id"].Should().Be("1");
    }

    [Fact]
    public async Task A_table_without_key_and_with_full_identity_has_its_updates_and_deletes()
    {
        var task = await stack.NewTaskAsync(
            "CREATE TABLE t (a int, b text); ALTER TABLE t REPLICA IDENTITY FULL; INSERT INTO t VALUES (1, NULL)");
        await using var replicator = await task.StartAsync();
        await replicator.UntilLoadedAsync("t");
        await task.ExecuteAsync("UPDATE t SET b = 'z'");
        await task.ExecuteAsync("DELETE FROM t");
        var changes = await task.ChangesAsync("t", atLeast: 2);
        await replicator.StopAsync();

        changes.Select(row => (row.Operation, row["a"], row["b"])).Should().Equal(("U", "1", "z"), ("D", "1", "z"));
    }

    [Fact]
    public async Task Keys_that_pass_each_other_in_one_transaction_have_both_their_old_keys()
    {
        var task = await stack.NewTaskAsync(
            "CREATE TABLE t (id int PRIMARY KEY DEFERRABLE INITIALLY DEFERRED, v text); ALTER TABLE t REPLICA IDENTITY FULL; INSERT INTO t "
            + "VALUES (1, 'a'), (2, 'b')");
        await using var replicator = await task.StartAsync();
        await replicator.UntilLoadedAsync("t");
        await task.ExecuteAsync("UPDATE t SET id = 3 - id");
        var changes = await task.ChangesAsync("t", atLeast: 2);
        await replicator.StopAsync();

        changes.Select(
            row => (row.Operation, row["id"], row["v"], row["dms_before_id"])).Should().Equal(("U", "2", "a", "1"), ("U", "1", "b", "2"));
    }

    [Fact]
    public async Task Partitions_are_captured_by_their_own_names_and_a_row_that_moves_between_them_leaves_one_and_enters_the_other()
    {
        var task = await stack.NewTaskAsync("""
            CREATE TABLE part (id int, d int, PRIMARY KEY (id, d)) PARTITION BY RANGE (d);
            CREATE TABLE part_1 PARTITION OF part FOR VALUES FROM (0) TO (10);
            CREATE TABLE part_2 PARTITION OF part FOR VALUES FROM (10) TO (20);
            INSERT INTO part VALUES (1, 1), (2, 15);
            """);
        await using var replicator = await task.StartAsync();
        await replicator.UntilLoadedAsync("part_1", "part_2");
        await task.ExecuteAsync("UPDATE part SET d = 16 WHERE id = 1");
        var left = await task.ChangesAsync("part_1", atLeast: 1);
        var entered = await task.ChangesAsync("part_2", atLeast: 1);
        await replicator.StopAsync();

        left.Select(row => (row.Operation, row["id"], row["d"])).Should().Equal(("D", "1", "1"));
        entered.Select(row => (row.Operation, row["id"], row["d"])).Should().Equal(("I", "1", "16"));
        left[0]["dms_position"].Should().NotBe(entered[0]["dms_position"]);
        (await task.ObjectsAsync()).Keys.Should().NotContain(key => key.StartsWith("raw/public/part/", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Generated_columns_are_in_load_and_changes_alike()
    {
        var task = await stack.NewTaskAsync(
            "CREATE TABLE t (id int PRIMARY KEY, net numeric(8,2), gross numeric(8,2) GENERATED ALWAYS AS (net * 2) STORED, note text); "
            + "INSERT INTO t VALUES (1, 1.5, DEFAULT, 'x')");
        await using var replicator = await task.StartAsync();
        await replicator.UntilLoadedAsync("t");
        await task.ExecuteAsync("INSERT INTO t (id, net, note) VALUES (2, 2.5, 'y'); UPDATE t SET net = 3 WHERE id = 1");
        await task.ChangesAsync("t", atLeast: 2);
        await replicator.StopAsync();

        (await task.RowsAsync("t")).Select(row => (row.Operation, row["id"], row["net"], row["gross"], row["note"])).Should().Equal(
            ("I", "1", "1.50", "3.00", "x"), ("I", "2", "2.50", "5.00", "y"), ("U", "1", "3.00", "6.00", "x"));
    }

    [Fact]
    public async Task A_key_includes_no_column_that_its_index_only_carries()
    {
        var task = await stack.NewTaskAsync("CREATE TABLE t (id int, v text, PRIMARY KEY (id) INCLUDE (v)); INSERT INTO t VALUES (1, 'a')");
        await using var replicator = await task.StartAsync();
        await replicator.UntilLoadedAsync("t");
        await task.ExecuteAsync("UPDATE t SET v = 'b'; DELETE FROM t");
        var changes = await task.ChangesAsync("t", atLeast: 2);
        await replicator.StopAsync();

        replicator.Table("t")!.State.Should().Be(TableStates.Completed);
        changes.Select(row => (row.Operation, row["id"], row["dms_before_id"])).Should().Equal(("U", "1", null), ("D", "1", null));
        changes[0].Values.Keys.Should().NotContain("dms_before_v");
    }

    [Fact]
    public async Task Rows_that_are_deleted_before_their_columns_change_are_deletes_when_the_log_is_read_later()
    {
        var task = await stack.NewTaskAsync(
            "CREATE TABLE t (id int PRIMARY KEY, a int, b text); ALTER TABLE t REPLICA IDENTITY FULL; "
            + "INSERT INTO t VALUES (1, 1, 'x'), (2, 2, 'y')");
        await using (var first = await task.StartAsync())
        {
            await first.UntilLoadedAsync("t");
            await first.StopAsync();
        }

        await task.ExecuteAsync("DELETE FROM t WHERE id = 1");
        await task.ExecuteAsync("ALTER TABLE t ALTER COLUMN id TYPE bigint");
        await task.ExecuteAsync("DELETE FROM t WHERE id = 2");
        await task.ExecuteAsync("ALTER TABLE t DROP COLUMN a; INSERT INTO t VALUES (3, 'z')");
        await using var second = await task.StartAsync(StartTypes.Resume);
        var changes = await task.ChangesAsync("t", atLeast: 3);
        await second.StopAsync();

        second.Table("t")!.State.Should().Be(TableStates.Completed);
        changes.Select(row => (row.Operation, row["id"], row["b"])).Should().Equal(("D", "1", "x"), ("D", "2", "y"), ("I", "3", "z"));
    }
}
