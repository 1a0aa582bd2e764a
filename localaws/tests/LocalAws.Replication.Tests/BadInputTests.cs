using System.Text.Json;
using FluentAssertions;
using LocalAws.Replication.Messages;
using LocalAws.Replication.Tests.Harness;

namespace LocalAws.Replication.Tests;

[Collection(StackCollection.Name)]
public sealed class BadInputTests(Stack stack)
{
    private const string Table = "CREATE TABLE t (id int PRIMARY KEY, city text);";

    [Fact]
    public async Task A_wrong_password_fails_the_task_before_it_touches_the_database_and_is_not_repeated()
    {
        var task = await stack.NewTaskAsync(Table);
        task.Password = "wr0ng-s3cret";
        var failure = await FailureAsync(task);

        failure.Message.Should().Contain("refused user 'admin'").And.Contain("password");
        (await task.QueryAsync($"SELECT FROM pg_replication_slots WHERE slot_name = '{task.Slot}'")).Should().BeEmpty();
    }

    [Fact]
    public async Task A_user_outside_rds_replication_is_told_what_to_grant()
    {
        var task = await stack.NewTaskAsync(Table);
        task.Username = "outsider";

        (await FailureAsync(task)).Message.Should().Contain("GRANT rds_replication TO \"outsider\"");
    }

    [Fact]
    public async Task A_database_whose_log_is_printed_in_another_encoding_is_refused_before_a_row_is_written()
    {
        var task = await stack.NewTaskAsync(Table, encoding: "LATIN1");

        (await FailureAsync(task)).Message.Should().Contain("LATIN1").And.Contain("UTF8").And.Contain("full-load");
        task.MigrationType = MigrationTypes.FullLoad;
        await task.ExecuteAsync("INSERT INTO t VALUES (1, 'café')");
        await using var loading = await task.StartAsync();
        await loading.EndAsync();
        (await task.RowsAsync("t")).Single()["city"].Should().Be("café");
    }

    [Fact]
    public async Task The_connection_test_says_what_is_wrong_and_no_secret()
    {
        var task = await stack.NewTaskAsync(Table);
        var source = task.Specification().Source;

        (await TestAsync(new ConnectionTestSpec { Source = source, RequireReplication = true })).Successful.Should().BeTrue();
        (await TestAsync(new ConnectionTestSpec { Target = task.Specification().Target })).Successful.Should().BeTrue();
        var refused = await TestAsync(new ConnectionTestSpec { Source = source with { Password = "wr0ng-s3cret" } });
        refused.Successful.Should().BeFalse();
        refused.Message.Should().Contain("refused user 'admin'").And.NotContain("wr0ng-s3cret");
        (await TestAsync(new ConnectionTestSpec { Source = source with { Port = 1 } })).Message.Should()
            .Contain("127.0.0.1:1").And.Contain("cannot be reached");
        task.S3Settings["BucketName"] = "no-such-bucket";
        (await TestAsync(new ConnectionTestSpec { Target = task.Specification().Target })).Message.Should().Contain("no-such-bucket");
    }

    [Fact]
    public async Task A_table_that_the_database_lacks_is_named_and_the_others_are_replicated()
    {
        var task = await stack.NewTaskAsync(Table + "INSERT INTO t VALUES (1, 'x');");
        task.MigrationType = MigrationTypes.FullLoad;
        task.Mappings = Select("t", "ghost");
        await using var replicator = await task.StartAsync();
        await replicator.EndAsync();

        replicator.ExitCode.Should().Be(0);
        replicator.Table("ghost")!.State.Should().Be(TableStates.DoesNotExist);
        replicator.Of<LogMessage>().Should().ContainSingle(log => log.Severity == "E").Which.Message.Should().Contain("'public'.'ghost'");
        (await task.RowsAsync("t")).Should().ContainSingle();
    }

    [Fact]
    public async Task Without_any_table_the_task_fails_and_names_what_is_missing()
    {
        var task = await stack.NewTaskAsync(Table);
        task.Mappings = Select("ghost");

        (await FailureAsync(task)).Message.Should().Contain("No tables were found").And.Contain("public.ghost");
    }

    [Theory]
    [InlineData("PreserveTransactions", true)]
    [InlineData("GlueCatalogGeneration", true)]
    [InlineData("CdcPath", "changes")]
    [InlineData("DataFormat", "orc")]
    [InlineData("DataFromat", "parquet")]
    [InlineData("TimestampColumnName", "")]
    public async Task A_setting_that_is_not_supported_is_named(string name, object value)
    {
        var task = await stack.NewTaskAsync(Table);
        task.S3Settings[name] = JsonSerializer.SerializeToNode(value);

        (await FailureAsync(task)).Message.Should().Contain(name);
    }

    [Fact]
    public async Task Resume_without_the_slot_says_how_to_start_again()
    {
        var task = await stack.NewTaskAsync(Table);
        await using (var first = await task.StartAsync())
        {
            await first.UntilLoadedAsync("t");
            await first.StopAsync();
        }

        await task.ExecuteAsync($"SELECT pg_drop_replication_slot('{task.Slot}')");

        (await FailureAsync(task, StartTypes.Resume)).Message.Should().Contain(task.Slot).And.Contain("reload-target");
    }

    [Fact]
    public async Task Clean_up_leaves_no_slot_and_a_running_task_no_publication()
    {
        var task = await stack.NewTaskAsync(Table);
        await using (var first = await task.StartAsync())
        {
            await first.UntilLoadedAsync("t");
            (await task.QueryAsync("SELECT FROM pg_publication")).Should().BeEmpty();
            await first.StopAsync();
        }

        await using var cleaning = await ReplicatorProcess.StartAsync(task.Specification(), "clean-up");
        await cleaning.EndAsync();

        cleaning.ExitCode.Should().Be(0, cleaning.Describe());
        (await task.QueryAsync($"SELECT FROM pg_replication_slots WHERE slot_name = '{task.Slot}'")).Should().BeEmpty();
    }

    private static async Task<FailedMessage> FailureAsync(TestTask task, string startType = StartTypes.Start)
    {
        await using var replicator = await task.StartAsync(startType);
        await replicator.EndAsync();
        replicator.ExitCode.Should().Be(1, replicator.Describe());
        replicator.Describe().Should().NotContain(task.Password);
        return replicator.Of<FailedMessage>().Single();
    }

    private static async Task<ConnectionTestMessage> TestAsync(ConnectionTestSpec specification)
    {
        await using var replicator = await ReplicatorProcess.StartAsync(specification, "test-connection");
        await replicator.EndAsync();
        return replicator.Of<ConnectionTestMessage>().Single();
    }

    private static string Select(params string[] tables) =>
        "{\"rules\":[" + string.Join(',', tables.Select((table, i) =>
            $$"""{"rule-type":"selection","rule-id":"{{i + 1}}","rule-name":"{{i + 1}}","rule-action":"include","object-locator":"""
            + $$"""{"schema-name":"public","table-name":"{{table}}"} }""")) + "]}";
}
