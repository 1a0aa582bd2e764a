using System.Globalization;
using Amazon.S3.Model;
using Cdc.EndToEnd.Tests.Story;
using Cdc.Harness.Pipelines;
using Cdc.Harness.Waiting;

namespace Cdc.EndToEnd.Tests;

public sealed class ReplicationTests
{
    // One that works and one that waits; two doorbells at once may start a third between looking and starting.
    private const int MostRunsOfABurst = 3;

    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(4);

    private const string OrdersByStatus =
        """
        SELECT o.status, count(*) AS orders, sum(i.quantity) AS pieces, sum(o.total) AS total
        FROM {prefix}orders o JOIN {prefix}order_items i ON i.order_id = o.order_id
        GROUP BY o.status ORDER BY orders DESC, o.status
        """;

    [Theory]
    [InlineData("customers")]
    [InlineData("products")]
    [InlineData("orders")]
    [InlineData("order_items")]
    public async Task A_table_with_a_key_ends_equal_to_its_source(string name)
    {
        var table = (await DeployedPipeline.GetAsync()).Comparison(name);

        table.SourceRows.Should().BePositive();
        table.Final!.IsEmpty.Should().BeTrue(table.ToString());
    }

    [Theory]
    [InlineData("customers")]
    [InlineData("products")]
    [InlineData("orders")]
    [InlineData("order_items")]
    [InlineData("event_log")]
    public async Task A_log_holds_each_change_that_pg_recvlogical_read_once(string name)
    {
        var story = await DeployedPipeline.GetAsync();

        story.Changes.Should().Contain(change => change.Table == name);
        story.Comparison(name).Log.IsEmpty.Should().BeTrue(story.Comparison(name).ToString());
    }

    [Fact]
    public async Task A_table_was_written_to_while_it_was_loaded()
    {
        (await DeployedPipeline.GetAsync()).WrittenDuringLoad.Should().BePositive();
    }

    [Fact]
    public async Task The_log_of_the_table_without_a_key_holds_each_row_that_was_there_to_load_once()
    {
        var story = await DeployedPipeline.GetAsync();

        story.EventsLoaded.Should().BePositive();
        story.Comparison("event_log").Loaded!.IsEmpty.Should().BeTrue(story.Comparison("event_log").ToString());
    }

    [Fact]
    public async Task The_table_without_a_key_ends_as_its_log_of_inserts_though_the_source_updated_and_deleted()
    {
        var story = await DeployedPipeline.GetAsync();
        var table = story.Table("event_log");
        var operations = await story.Deployment.Athena.RunAsync($"SELECT _op, count(*) FROM {table.LogName} GROUP BY _op", StoryTime.Token);
        var inserted = story.EventsLoaded + story.Changes.Count(change => change.Table == "event_log");

        operations.Rows.Should().ContainSingle().Which.Should().Equal("I", inserted.ToString(CultureInfo.InvariantCulture));
        story.Comparison("event_log").FinalRows.Should().BeNull();
        story.Comparison("event_log").SourceRows.Should().BeLessThan(inserted);
        (await story.Deployment.Source.ScalarAsync("SELECT count(*) FROM event_log WHERE message = 'rewritten'", StoryTime.Token)).Should()
            .Be("1");
    }

    [Fact]
    public async Task A_masked_column_never_reaches_the_final_bucket_as_it_is()
    {
        var story = await DeployedPipeline.GetAsync();
        var known = (await story.Deployment.Source.QueryAsync("SELECT email FROM customers WHERE email IS NOT NULL", StoryTime.Token))
            .Select(row => row[0]).ToHashSet();

        foreach (var name in new[] { story.Table("customers").FinalName, story.Table("customers").LogName })
        {
            var emails = (await story.Deployment.Athena.RunAsync(
                $"SELECT DISTINCT email FROM {name} WHERE email IS NOT NULL",
                StoryTime.Token))
                .Rows.Select(row => row[0]!).ToList();
            emails.Should().NotBeEmpty().And.AllSatisfy(email => email.Should().MatchRegex("^[0-9a-f]{64}$"));
            known.Should().NotIntersectWith(emails);
        }
    }

    [Fact]
    public async Task Athena_answers_a_join_as_the_source_does()
    {
        var story = await DeployedPipeline.GetAsync();
        var expected = await story.Deployment.Source.QueryAsync(
            OrdersByStatus.Replace("{prefix}", "", StringComparison.Ordinal), StoryTime.Token);
        var answer = await story.Deployment.Athena.RunAsync(
            OrdersByStatus.Replace("{prefix}", "public_", StringComparison.Ordinal), StoryTime.Token);

        answer.Columns.Should().Equal("status", "orders", "pieces", "total");
        answer.Rows.Select(row => string.Join('|', row)).Should().BeEquivalentTo(expected.Select(row => string.Join('|', row)));
    }

    [Fact]
    public async Task The_way_of_a_row_is_recorded_at_every_hop()
    {
        var story = await DeployedPipeline.GetAsync();

        var hops = await new RowJourney(story.Deployment).FollowAsync(
            story.Table("customers"), $"customer_id = {story.FollowedCustomer}", StoryTime.Token);

        hops.Should().HaveCount(5);
        hops[^1].Time.Should().BeAfter(hops[0].Time);
        var key = hops[1].Name[$"s3://{story.Deployment.Pipeline.RawBucket}/".Length..];
        (await story.Deployment.S3.GetObjectMetadataAsync(story.Deployment.Pipeline.RawBucket, key, StoryTime.Token)).ContentLength.Should()
            .BePositive();
    }

    [Fact]
    public async Task A_burst_of_objects_costs_few_runs_and_changes_that_come_again_change_nothing()
    {
        const int Copies = 60;
        var story = await DeployedPipeline.GetAsync();
        var deployment = story.Deployment;
        var table = story.Table("orders");
        var listed = await deployment.S3.ListObjectsV2Async(
            new ListObjectsV2Request
            {
                BucketName = deployment.Pipeline.RawBucket,
                Prefix = $"{deployment.Pipeline.RawPrefix}{table.Schema}/{table.Name}/2",
            },
            StoryTime.Token);
        var newest = listed.S3Objects.OrderBy(item => item.Key, StringComparer.Ordinal).Last().Key;
        var bytes = await deployment.S3.ReadAsync(deployment.Pipeline.RawBucket, newest, StoryTime.Token);
        var runsBefore = (await Convergence.IdleAsync(deployment, Limit, StoryTime.Token)).Select(run => run.Id).ToHashSet();

        // Names as DMS gives them: by the clock, one a millisecond.
        var start = DateTime.UtcNow;
        var keys = Enumerable.Range(1, Copies).Select(
            number => string.Create(
                CultureInfo.InvariantCulture,
                $"{newest[..newest.LastIndexOf('/')]}/{start.AddMilliseconds(number):yyyyMMdd-HHmmssfff}.parquet")).ToList();
        var eightAtOnce = new ParallelOptions { MaxDegreeOfParallelism = 8, CancellationToken = StoryTime.Token };
        await Parallel.ForEachAsync(keys, eightAtOnce, async (key, token) =>
        {
            using var content = new MemoryStream(bytes);
            await deployment.S3.PutObjectAsync(
                new PutObjectRequest { BucketName = deployment.Pipeline.RawBucket, Key = key, InputStream = content }, token);
        });

        // The ledger first: between two runs the job is idle too.
        await Eventually.BecomesAsync(
            $"the ledger has all {Copies} objects of the burst",
            async token => (await deployment.Athena.RunAsync(
                $"SELECT count(DISTINCT object_key) FROM cdc_files WHERE object_key IN ('{string.Join("', '", keys)}')",
                token)).Rows[0][0],
            seen => seen == $"{Copies}",
            Limit,
            StoryTime.Token,
            TimeSpan.FromSeconds(2));
        var runs = (await Convergence.IdleAsync(deployment, Limit, StoryTime.Token)).Where(run => !runsBefore.Contains(run.Id)).ToList();
        runs.Should().OnlyContain(run => run.JobRunState == "SUCCEEDED");
        runs.Should().HaveCountLessThanOrEqualTo(MostRunsOfABurst, $"{Copies} objects came at once");
        var ledger = await deployment.Athena.RunAsync(
            $"SELECT count(*) FROM cdc_files WHERE object_key IN ('{string.Join("', '", keys)}')", StoryTime.Token);
        ledger.Rows[0][0].Should().Be($"{Copies}");
        var comparison = await (await deployment.ComparisonAsync(StoryTime.Token)).CompareAsync(table, story.Changes, StoryTime.Token);
        comparison.IsRight.Should().BeTrue(comparison.ToString());
    }
}
