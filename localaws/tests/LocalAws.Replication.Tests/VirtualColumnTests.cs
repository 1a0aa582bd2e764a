using FluentAssertions;
using LocalAws.Replication.Tests.Harness;

namespace LocalAws.Replication.Tests;

/// <summary>What PostgreSQL 18 brought.</summary>
[Collection(StackCollection.Name)]
public sealed class VirtualColumnTests(Stack stack)
{
    [Fact]
    public async Task A_virtual_generated_column_is_in_no_file_and_changes_no_definition()
    {
        var task = await stack.NewTaskAsync("CREATE TABLE t (id int PRIMARY KEY, net int, note text)");
        if (int.Parse((await task.ScalarAsync("SHOW server_version_num"))!, System.Globalization.CultureInfo.InvariantCulture) >= 180_000)
        {
            await task.ExecuteAsync(
                "DROP TABLE t; "
                + "CREATE TABLE t (id int PRIMARY KEY, net int, twice int GENERATED ALWAYS AS (net * 2) VIRTUAL, note text)");
        }

        await task.ExecuteAsync("INSERT INTO t (id, net, note) VALUES (1, 1, 'x')");
        await using var replicator = await task.StartAsync();
        await replicator.UntilLoadedAsync("t");
        await task.ExecuteAsync(
            "INSERT INTO t (id, net, note) VALUES (2, 2, 'y'); "
            + "UPDATE t SET net = 3 WHERE id = 1; DELETE FROM t WHERE id = 2");
        await task.ChangesAsync("t", atLeast: 3);
        await replicator.StopAsync();

        replicator.Table("t")!.Ddls.Should().Be(0);
        var rows = await task.RowsAsync("t");
        rows.Should().OnlyContain(row => !row.Values.ContainsKey("twice"));
        rows.Select(row => (row.Operation, row["id"], row["net"], row["note"])).Should().Equal(
            ("I", "1", "1", "x"), ("I", "2", "2", "y"), ("U", "1", "3", "x"), ("D", "2", null, null));
    }
}
