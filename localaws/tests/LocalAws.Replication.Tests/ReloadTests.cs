using System.Text.Json.Nodes;
using FluentAssertions;
using LocalAws.Replication.Messages;
using LocalAws.Replication.Tests.Harness;

namespace LocalAws.Replication.Tests;

/// <summary>Tables of a running task are loaded again.</summary>
[Collection(SecondStackCollection.Name)]
public sealed class ReloadTests(Stack stack)
{
    private const string Tables =
        """
        CREATE TABLE t (id int PRIMARY KEY, v text); CREATE TABLE other (id int PRIMARY KEY);
        INSERT INTO t SELECT n, 'first' FROM generate_series(1, 100) n; INSERT INTO other VALUES (1);
        """;

    [Fact]
    public async Task A_reload_has_the_rows_that_are_there_and_says_when_it_began_and_ended()
    {
        var task = await stack.NewTaskAsync(Tables);
        await using var replicator = await task.StartAsync();
        await replicator.UntilLoadedAsync("t", "other");
        var first = replicator.Table("t")!;
        await task.ExecuteAsync("DELETE FROM t WHERE id > 40; UPDATE t SET v = 'second'");
        await task.ChangesAsync("t", atLeast: 100);

        await replicator.ReloadAsync("t");
        await ReloadedAsync(replicator, "t", first.FullLoadEnd);
        await replicator.StopAsync();

        var second = replicator.Table("t")!;
        first.FullLoadReloaded.Should().BeFalse();
        second.FullLoadReloaded.Should().BeTrue();
        second.FullLoadRows.Should().Be(40);
        second.FullLoadStart.Should().BeAfter(first.FullLoadEnd!.Value).And.BeBefore(second.FullLoadEnd!.Value);
        replicator.Of<TableMessage>().Where(message => message.Table == "t").Select(message => message.State).Should().Contain(
            TableStates.BeingReloaded);
        replicator.Table("other")!.FullLoadReloaded.Should().BeFalse();
        (await LoadedAsync(task, "t")).Should().HaveCount(40).And.OnlyContain(row => row["v"] == "second");
    }

    [Fact]
    public async Task A_reload_of_fewer_files_leaves_those_of_the_load_before_as_DO_NOTHING_does()
    {
        var task = await stack.NewTaskAsync(
            "CREATE TABLE t (id int PRIMARY KEY, v text); "
            + "INSERT INTO t SELECT n, repeat(md5(n::text), 30) FROM generate_series(1, 3000) n");
        task.S3Settings["MaxFileSize"] = 200;
        task.S3Settings["RowGroupLength"] = 100;
        task.TaskSettings["FullLoadSettings"] = new JsonObject { ["TargetTablePrepMode"] = "DO_NOTHING" };
        await using var replicator = await task.StartAsync();
        await replicator.UntilLoadedAsync("t");
        var before = (await task.ObjectsAsync("raw/public/t/LOAD")).Keys.ToList();
        before.Count.Should().BeGreaterThan(2);
        await task.ExecuteAsync("DELETE FROM t WHERE id > 10");
        var end = replicator.Table("t")!.FullLoadEnd;

        await replicator.ReloadAsync("t");
        await ReloadedAsync(replicator, "t", end);
        await replicator.StopAsync();

        (await task.ObjectsAsync("raw/public/t/LOAD")).Keys.Should().Equal(before);
    }

    [Fact]
    public async Task Changes_of_a_table_wait_for_its_reload_and_those_of_others_do_not()
    {
        var task = await stack.NewTaskAsync(Tables);
        await using var replicator = await task.StartAsync();
        await replicator.UntilLoadedAsync("t", "other");
        var first = replicator.Table("t")!;
        // The load waits for this lock.
        await using (await task.OpenTransactionAsync("LOCK TABLE t IN ACCESS EXCLUSIVE MODE"))
        {
            await replicator.ReloadAsync("t");
            await replicator.UntilAsync("The reload", self => self.Table("t")!.State == TableStates.BeingReloaded);
            await task.ExecuteAsync("INSERT INTO other VALUES (2)");
            await task.ChangesAsync("other", atLeast: 1);
        }

        await task.ExecuteAsync("UPDATE t SET v = 'after' WHERE id <= 10");
        await ReloadedAsync(replicator, "t", first.FullLoadEnd);
        await task.ChangesAsync("t", atLeast: 10);
        await replicator.StopAsync();

        await task.ShouldEqualSourceAsync("t", "id", "v");
    }

    [Fact]
    public async Task A_table_that_came_while_the_task_was_stopped_is_loaded_when_it_is_asked_for_and_not_before()
    {
        var task = await stack.NewTaskAsync(Tables);
        await using (var first = await task.StartAsync())
        {
            await first.UntilLoadedAsync("t", "other");
            await first.StopAsync();
        }

        await task.ExecuteAsync("CREATE TABLE late (id int PRIMARY KEY); INSERT INTO late SELECT generate_series(1, 7)");
        await using var second = await task.StartAsync(StartTypes.Resume);
        await task.ExecuteAsync("INSERT INTO other VALUES (2)");
        await task.ChangesAsync("other", atLeast: 1);
        second.Table("late").Should().Match<TableMessage>(table => table.FullLoadEnd == null && table.FullLoadRows == 0);
        second.Table("t").Should().Match<TableMessage>(table => table.FullLoadEnd != null && table.FullLoadRows == 100);
        (await LoadedAsync(task, "late")).Should().BeEmpty();

        await second.ReloadAsync("late");
        await ReloadedAsync(second, "late", null);
        await second.StopAsync();

        second.Table("late")!.FullLoadRows.Should().Be(7);
        (await LoadedAsync(task, "late")).Should().HaveCount(7);
    }

    [Fact]
    public async Task A_reload_that_was_broken_off_is_made_again_on_resume_and_a_whole_one_is_not()
    {
        var task = await stack.NewTaskAsync(Tables);
        await using (var first = await task.StartAsync())
        {
            await first.UntilLoadedAsync("t", "other");
            var before = first.Table("other")!.FullLoadEnd;
            await first.ReloadAsync("other");
            await ReloadedAsync(first, "other", before);
            await using var open = await task.OpenTransactionAsync("INSERT INTO t VALUES (101, 'open')");
            await first.ReloadAsync("t");
            await first.UntilAsync(
                "The wait for the transaction",
                self => self.Of<LogMessage>().Any(log => log.Message.StartsWith("Loads begin when", StringComparison.Ordinal)));
            await first.KillAsync();
        }

        await task.ExecuteAsync("UPDATE t SET v = 'second'");
        await using var second = await task.StartAsync(StartTypes.Resume);
        await second.UntilLoadedAsync("t", "other");
        await second.StopAsync();

        (await LoadedAsync(task, "t")).Should().HaveCount(100).And.OnlyContain(row => row["v"] == "second");
        second.Table("other")!.FullLoadReloaded.Should().BeTrue();
        second.Of<LogMessage>().Select(log => log.Message).Should().Contain("Loading public.t.").And.NotContain("Loading public.other.");
    }

    [Fact]
    public async Task A_suspended_table_is_taken_up_again_by_its_reload()
    {
        var task = await stack.NewTaskAsync(Tables);
        await using var replicator = await task.StartAsync();
        await replicator.UntilLoadedAsync("t", "other");
        await task.ExecuteAsync("ALTER TABLE t ADD COLUMN \"Op\" text; INSERT INTO t VALUES (101, 'bad', 'z')");
        await replicator.UntilAsync("The suspension", self => self.Table("t")!.State == TableStates.Error);
        await task.ExecuteAsync("ALTER TABLE t DROP COLUMN \"Op\"; INSERT INTO t VALUES (102, 'lost')");
        var before = replicator.Table("t")!.FullLoadEnd;

        await replicator.ReloadAsync("t");
        await ReloadedAsync(replicator, "t", before);
        await task.ExecuteAsync("INSERT INTO t VALUES (103, 'after')");
        await Eventually.BecomesAsync("The last row", () => task.ChangesAsync("t"), rows => rows.Exists(row => row["id"] == "103"));
        await replicator.StopAsync();

        await task.ShouldEqualSourceAsync("t", "id", "v");
    }

    [Fact]
    public async Task A_table_that_the_task_does_not_have_is_named_and_the_task_goes_on()
    {
        var task = await stack.NewTaskAsync(Tables);
        await using var replicator = await task.StartAsync();
        await replicator.UntilLoadedAsync("t", "other");
        await replicator.ReloadAsync("nowhere");
        await replicator.UntilAsync(
            "The error",
            self => self.Of<LogMessage>().Any(
                log => log.Severity == "E" && log.Message.Contains("public.nowhere", StringComparison.Ordinal)));
        await task.ExecuteAsync("INSERT INTO other VALUES (2)");
        await task.ChangesAsync("other", atLeast: 1);
        await replicator.StopAsync();
    }

    private static Task ReloadedAsync(ReplicatorProcess replicator, string table, DateTime? before) =>
        replicator.UntilAsync(
            $"The reload of {table}",
            self => self.Table(table) is { State: TableStates.Completed, FullLoadEnd: { } end } && (before is null || end > before));

    private static async Task<List<RawRow>> LoadedAsync(TestTask task, string table) =>
        [.. (await task.RowsAsync(table)).Where(row => row["dms_seq"] is null)];
}
