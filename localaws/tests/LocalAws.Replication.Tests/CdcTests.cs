using FluentAssertions;
using LocalAws.Replication.Messages;
using LocalAws.Replication.Tests.Harness;

namespace LocalAws.Replication.Tests;

[Collection(StackCollection.Name)]
public class CdcTests(Stack stack)
{
    private const string Shop = """
        CREATE TABLE customers (id int PRIMARY KEY, name text);
        CREATE TABLE orders (id bigint PRIMARY KEY, customer int, total numeric(12,2));
        CREATE TABLE lines (order_id bigint, line int, sku text, PRIMARY KEY (order_id, line));
        CREATE TABLE events (at timestamptz DEFAULT clock_timestamp(), what text);
        """;

    [Fact]
    public async Task A_transaction_over_three_tables_has_one_timestamp_and_rising_sequences()
    {
        var task = await stack.NewTaskAsync(Shop);
        await using var replicator = await StartedAsync(task);
        await task.ExecuteAsync(
            "BEGIN; INSERT INTO customers VALUES (1, 'a'); INSERT INTO orders VALUES (1, 1, 9.99); "
            + "INSERT INTO lines VALUES (1, 1, 'x'); UPDATE orders SET total = 10; COMMIT");
        await task.ExecuteAsync("DELETE FROM lines");
        await task.ChangesAsync("lines", atLeast: 2);
        await replicator.StopAsync();

        var customers = await task.ChangesAsync("customers");
        var orders = await task.ChangesAsync("orders");
        var lines = await task.ChangesAsync("lines");
        var transaction = new[] { customers[0], orders[0], lines[0], orders[1] };
        transaction.Select(row => row["dms_commit_ts"]).Distinct().Should().ContainSingle();
        // The steps that DMS's own files show: 61, 4 within a transaction, 12 to the next one.
        transaction.Append(lines[1]).Select(
            row => row["dms_seq"]![16..]).Should().Equal(new[] { 61, 65, 69, 73, 85 }.Select(n => $"{n:D19}"));
        foreach (var row in transaction)
        {
            row["dms_seq"]![..16].Should().Be(new string([.. row["dms_commit_ts"]!.Where(char.IsAsciiDigit)])[..16]);
        }

        transaction.Append(lines[1]).Select(
            row => row["dms_position"]!).Should().BeInAscendingOrder(StringComparer.Ordinal).And.OnlyHaveUniqueItems();
    }

    [Fact]
    public async Task A_rolled_back_transaction_writes_nothing_and_uses_no_sequence()
    {
        var task = await stack.NewTaskAsync(Shop);
        await using var replicator = await StartedAsync(task);
        await task.ExecuteAsync("INSERT INTO customers VALUES (1, 'kept')");
        await task.ExecuteAsync("BEGIN; INSERT INTO customers VALUES (2, 'gone'); ROLLBACK");
        await task.ExecuteAsync("INSERT INTO customers VALUES (3, 'kept')");
        var changes = await task.ChangesAsync("customers", atLeast: 2);
        await replicator.StopAsync();

        changes.Select(row => (row["id"], row["dms_seq"]![16..])).Should().Equal(("1", $"{61:D19}"), ("3", $"{73:D19}"));
    }

    [Fact]
    public async Task A_key_update_is_one_U_with_the_old_key_beside_it_and_a_delete_has_the_key_alone()
    {
        var task = await stack.NewTaskAsync(Shop);
        await using var replicator = await StartedAsync(task);
        await task.ExecuteAsync("INSERT INTO lines VALUES (1, 1, 'x')");
        await task.ExecuteAsync("UPDATE lines SET sku = 'y'");
        await task.ExecuteAsync("UPDATE lines SET line = 2");
        await task.ExecuteAsync("DELETE FROM lines");
        await task.ExecuteAsync("INSERT INTO lines VALUES (1, 2, 'again')");
        var changes = await task.ChangesAsync("lines", atLeast: 5);
        await replicator.StopAsync();

        changes.Select(row => (row.Operation, row["order_id"], row["line"], row["sku"], row["dms_before_order_id"], row["dms_before_line"]))
            .Should().Equal(
            ("I", "1", "1", "x", null, null),
            ("U", "1", "1", "y", null, null),
            ("U", "1", "2", "y", "1", "1"),
            ("D", "1", "2", null, null, null),
            ("I", "1", "2", "again", null, null));
    }

    [Fact]
    public async Task Every_one_of_two_hundred_updates_of_a_row_is_written()
    {
        var task = await stack.NewTaskAsync(Shop + "INSERT INTO customers VALUES (1, '0');");
        await using var replicator = await StartedAsync(task);
        await task.ExecuteAsync(
            "DO $$ BEGIN FOR n IN 1..200 LOOP UPDATE customers SET name = n::text; IF n % 10 = 0 THEN COMMIT; END IF; END LOOP; END $$");
        var changes = await task.ChangesAsync("customers", atLeast: 200);
        await replicator.StopAsync();

        changes.Select(row => row["name"]).Should().Equal(Enumerable.Range(1, 200).Select(n => $"{n}"));
        changes.Select(row => row["dms_seq"]!).Should().BeInAscendingOrder(StringComparer.Ordinal).And.OnlyHaveUniqueItems();
        await replicator.UntilAppliedAsync("customers", message => message.AppliedUpdates == 200);
    }

    [Fact]
    public async Task Updates_and_deletes_of_a_table_without_key_succeed_and_its_inserts_are_captured()
    {
        var task = await stack.NewTaskAsync(Shop);
        await using var replicator = await StartedAsync(task);
        await task.ExecuteAsync("INSERT INTO events (what) VALUES ('one'), ('two')");
        await task.ExecuteAsync("UPDATE events SET what = 'changed' WHERE what = 'one'");
        await task.ExecuteAsync("DELETE FROM events WHERE what = 'two'");
        await task.ExecuteAsync("INSERT INTO events (what) VALUES ('three')");
        var changes = await task.ChangesAsync("events", atLeast: 3);
        await replicator.StopAsync();

        changes.Select(row => (row.Operation, row["what"])).Should().Equal(("I", "one"), ("I", "two"), ("I", "three"));
        (await task.QueryAsync("SELECT what FROM events ORDER BY at")).Select(row => row[0]).Should().Equal("changed", "three");
    }

    [Fact]
    public async Task Full_replica_identity_brings_the_whole_old_row_and_the_values_that_an_update_did_not_touch()
    {
        var task = await stack.NewTaskAsync("""
            CREATE TABLE docs (id int PRIMARY KEY, n int, body text);
            ALTER TABLE docs ALTER body SET STORAGE EXTERNAL;
            ALTER TABLE docs REPLICA IDENTITY FULL;
            CREATE TABLE plain (LIKE docs INCLUDING ALL);
            INSERT INTO docs VALUES (1, 1, repeat('long', 1000)); INSERT INTO plain SELECT * FROM docs;
            """);
        await using var replicator = await task.StartAsync();
        await replicator.UntilLoadedAsync("docs", "plain");
        await task.ExecuteAsync("UPDATE docs SET n = 2; UPDATE plain SET n = 2; UPDATE docs SET id = 5; DELETE FROM docs");
        var docs = await task.ChangesAsync("docs", atLeast: 3);
        var plain = await task.ChangesAsync("plain", atLeast: 1);
        await replicator.StopAsync();

        docs.Select(row => (row.Operation, row["id"], row["n"], row["body"]?.Length, row["dms_before_id"])).Should().Equal(
            ("U", "1", "2", 4000, null), ("U", "5", "2", 4000, "1"), ("D", "5", "2", 4000, null));
        // The documented loss: without it, an unchanged TOASTed value is not in the log.
        plain.Should().ContainSingle().Which["body"].Should().BeNull();
    }

    [Fact]
    public async Task An_added_column_starts_a_new_file_with_the_column_behind_the_source_columns()
    {
        var task = await stack.NewTaskAsync(Shop);
        await using var replicator = await StartedAsync(task);
        await task.ExecuteAsync("INSERT INTO customers VALUES (1, 'before')");
        await task.ExecuteAsync("ALTER TABLE customers ADD COLUMN age int");
        await task.ExecuteAsync("INSERT INTO customers VALUES (2, 'after', 33)");
        var changes = await task.ChangesAsync("customers", atLeast: 2);
        await replicator.StopAsync();

        changes[0].Key.Should().NotBe(changes[1].Key);
        changes[0].Values.Keys.Should().Equal("Op", "dms_commit_ts", "id", "name", "dms_seq", "dms_position", "dms_before_id");
        changes[1].Values.Keys.Should().Equal("Op", "dms_commit_ts", "id", "name", "age", "dms_seq", "dms_position", "dms_before_id");
        changes[1]["age"].Should().Be("33");
    }

    [Fact]
    public async Task File_names_are_the_time_of_closing_and_files_close_by_size()
    {
        var task = await stack.NewTaskAsync(Shop);
        task.S3Settings["CdcMaxBatchInterval"] = 3600;
        task.S3Settings["CdcMinFileSize"] = 100;
        await using var replicator = await StartedAsync(task);
        var before = DateTime.UtcNow;
        await task.ExecuteAsync("INSERT INTO customers SELECT n, repeat('x', 1000) FROM generate_series(1, 1000) n");
        await Eventually.BecomesAsync("Nine files closed by size", async () => (await task.ObjectsAsync()).Count, count => count >= 9);
        await replicator.StopAsync();

        var keys = (await task.ObjectsAsync()).Keys.ToList();
        keys.Should().HaveCountGreaterThan(9).And.OnlyContain(key => System.Text.RegularExpressions.Regex.IsMatch(
            key, @"^raw/public/customers/\d{8}-\d{9}\.parquet$"));
        foreach (var key in keys)
        {
            var named = DateTime.ParseExact(
                key.Split('/')[^1][..18],
                "yyyyMMdd-HHmmssfff",
                null,
                System.Globalization.DateTimeStyles.AssumeUniversal | System.Globalization.DateTimeStyles.AdjustToUniversal);
            named.Should().BeOnOrAfter(before.AddMilliseconds(-1)).And.BeBefore(DateTime.UtcNow.AddSeconds(1));
        }

        (await task.ChangesAsync("customers")).Select(row => row["id"]).Should().Equal(Enumerable.Range(1, 1000).Select(n => $"{n}"));
    }

    private static async Task<ReplicatorProcess> StartedAsync(TestTask task)
    {
        var replicator = await task.StartAsync();
        await replicator.UntilLoadedAsync("customers", "orders", "lines", "events");
        return replicator;
    }
}
