using System.Text.Json.Nodes;
using FluentAssertions;
using LocalAws.Replication.Messages;
using LocalAws.Replication.Tests.Harness;

namespace LocalAws.Replication.Tests;

[Collection(StackCollection.Name)]
public sealed class TargetTests(Stack stack)
{
    private const string Table = "CREATE TABLE t (id int PRIMARY KEY, city text); INSERT INTO t VALUES (1, 'Bern');";

    [Theory]
    [InlineData("DO_NOTHING", true)]
    [InlineData("DROP_AND_CREATE", false)]
    [InlineData("TRUNCATE_BEFORE_LOAD", false)]
    public async Task The_preparation_mode_decides_about_objects_that_are_there(string mode, bool stays)
    {
        var task = await stack.NewTaskAsync(Table);
        task.MigrationType = MigrationTypes.FullLoad;
        task.TaskSettings["FullLoadSettings"] = new JsonObject { ["TargetTablePrepMode"] = mode };
        await stack.S3.Client.PutObjectAsync(
            new Amazon.S3.Model.PutObjectRequest
            {
                BucketName = task.Bucket,
                Key = "raw/public/t/20200101-000000000.parquet",
                ContentBody = "old",
            });
        await stack.S3.Client.PutObjectAsync(
            new Amazon.S3.Model.PutObjectRequest { BucketName = task.Bucket, Key = "raw/public/tt/keep", ContentBody = "old" });
        await using var replicator = await task.StartAsync();
        await replicator.EndAsync();

        var keys = (await task.ObjectsAsync()).Keys;
        keys.Contains("raw/public/t/20200101-000000000.parquet").Should().Be(stays);
        keys.Should().Contain(["raw/public/t/LOAD00000001.parquet", "raw/public/tt/keep"]);
    }

    [Fact]
    public async Task Date_folders_hold_change_files_and_never_load_files()
    {
        var task = await stack.NewTaskAsync(Table);
        task.S3Settings["DatePartitionEnabled"] = true;
        task.S3Settings["DatePartitionSequence"] = "yyyymmddhh";
        task.S3Settings["DatePartitionDelimiter"] = "DASH";
        await using var replicator = await task.StartAsync();
        await replicator.UntilLoadedAsync("t");
        await task.ExecuteAsync("UPDATE t SET city = 'Oslo'");
        await replicator.StopAsync();

        var keys = (await task.ObjectsAsync()).Keys.ToList();
        keys.Should().Contain("raw/public/t/LOAD00000001.parquet").And.HaveCount(2);
        var parts = keys.Single(key => !key.Contains("LOAD", StringComparison.Ordinal)).Split('/');
        parts[3].Should().Be($"{parts[4][..4]}-{parts[4][4..6]}-{parts[4][6..8]}-{parts[4][9..11]}");
    }

    [Fact]
    public async Task Inserts_only_leaves_updates_and_deletes_out()
    {
        var task = await stack.NewTaskAsync(Table);
        task.S3Settings["CdcInsertsOnly"] = true;
        await using var replicator = await task.StartAsync();
        await replicator.UntilLoadedAsync("t");
        await task.ExecuteAsync("UPDATE t SET city = 'Oslo'; DELETE FROM t; INSERT INTO t VALUES (2, 'Paris')");
        await replicator.StopAsync();

        (await task.ChangesAsync("t")).Select(row => (row.Operation, row["id"])).Should().Equal(("I", "2"));
    }

    [Fact]
    public async Task An_outage_of_S3_is_waited_out_and_nothing_is_lost()
    {
        var task = await stack.NewTaskAsync(Table);
        await using var wire = new Relay(stack.S3.Endpoint);
        task.Endpoint = wire.Endpoint;
        task.TaskSettings["ErrorBehavior"] = new JsonObject { ["RecoverableErrorInterval"] = 1 };
        await using var replicator = await task.StartAsync();
        await replicator.UntilLoadedAsync("t");
        wire.Cut();
        await task.ExecuteAsync("UPDATE t SET city = 'Oslo'");
        await replicator.UntilAsync(
            "A retry", self => self.Of<LogMessage>()
                .Any(log => log.Severity == "W" && log.Message.Contains("is tried again", StringComparison.Ordinal)));
        wire.Mend();

        (await task.ChangesAsync("t", atLeast: 1)).Should().ContainSingle().Which["city"].Should().Be("Oslo");
        await replicator.StopAsync();
    }

    [Fact]
    public async Task A_lost_connection_to_the_database_is_made_again_and_nothing_is_lost()
    {
        var task = await stack.NewTaskAsync(Table);
        task.TaskSettings["ErrorBehavior"] = new JsonObject { ["RecoverableErrorInterval"] = 1 };
        await using var replicator = await task.StartAsync();
        await replicator.UntilLoadedAsync("t");
        await Eventually.BecomesAsync(
            "The end of the connection",
            () => task.ScalarAsync(
                $"SELECT bool_or(pg_terminate_backend(active_pid)) FROM pg_replication_slots WHERE slot_name = '{task.Slot}' AND active"),
            ended => ended == "t");
        await task.ExecuteAsync("UPDATE t SET city = 'Oslo'");

        (await task.ChangesAsync("t", atLeast: 1)).Should().ContainSingle().Which["city"].Should().Be("Oslo");
        await replicator.StopAsync();
    }

    [Fact]
    public async Task A_connection_that_is_lost_while_uploads_wait_repeats_none_of_their_rows()
    {
        const int Transactions = 20, Rows = 1_000;
        var task = await stack.NewTaskAsync("CREATE TABLE big (id int PRIMARY KEY, filler text);");
        await using var uploads = new Relay(stack.S3.Endpoint);
        await using var log = new Relay(new Uri($"http://127.0.0.1:{stack.Postgres.Port}"));
        task.Endpoint = uploads.Endpoint;
        task.DatabasePort = log.Endpoint.Port;
        task.TaskSettings["ErrorBehavior"] = new JsonObject { ["RecoverableErrorInterval"] = 0 };
        await using var replicator = await task.StartAsync();
        await replicator.UntilLoadedAsync("big");
        uploads.HoldWrites();
        // Some of the transactions wait for their upload by then, one has come in half.
        log.CutAfter(bytes: 10_000_000);
        for (var n = 0; n < Transactions; n++)
        {
            await task.ExecuteAsync(
                $"INSERT INTO big SELECT n, repeat(md5(n::text), 32) FROM generate_series({(n * Rows) + 1}, {(n + 1) * Rows}) n");
        }

        await replicator.UntilAsync(
            "The loss",
            self => self.Of<LogMessage>()
                .Any(message => message.Severity == "W" && message.Message.Contains("Reading the log failed", StringComparison.Ordinal)));
        log.Mend();
        uploads.PassWrites();

        await task.ChangesAsync("big", atLeast: Transactions * Rows);
        await replicator.StopAsync();
        (await task.ChangesAsync("big")).Select(row => row["id"]).Should().Equal(
            Enumerable.Range(1, Transactions * Rows).Select(n => $"{n}"));
    }
}
