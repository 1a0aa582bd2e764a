using System.Net;
using System.Net.Sockets;
using Amazon.Runtime;
using Amazon.S3.Model;
using Cdc.EndToEnd.Tests.Story;
using Cdc.Harness;
using Cdc.Harness.Local;
using Cdc.Harness.Pipelines;
using Cdc.Harness.Shop;
using Cdc.Harness.Waiting;

namespace Cdc.EndToEnd.Tests;

public sealed class BadInputTests
{
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(3);

    [Fact]
    public async Task A_port_in_use_is_named_with_the_remedy()
    {
        using var other = new TcpListener(IPAddress.Loopback, 0);
        other.Start();
        var port = ((IPEndPoint)other.LocalEndpoint).Port;
        var starting = () => new LocalStack(Path.Combine(RepositoryLayout.Local, "stack", "e2e-port")).StartAsync(port, StoryTime.Token);

        (await starting.Should().ThrowAsync<PortInUseException>()).WithMessage($"*{port} is in use*choose another port*");
    }

    [Fact]
    public async Task Wrong_credentials_in_the_secret_are_told_by_the_connection_test_and_the_task_does_not_start()
    {
        var deployment = (await DeployedPipeline.GetAsync()).Deployment;
        await using var pipeline = await ApiPipeline.CreateAsync(
            deployment, deployment.Source, "wrong", deployment.Pipeline.Tables, StoryTime.Token, password: "not-the-password");

        var testing = () => pipeline.TestConnectionsAsync(StoryTime.Token);
        (await testing.Should().ThrowAsync<PipelineException>()).WithMessage(
            "*wrong-source*password authentication failed*not started*secret*");

        var starting = () => pipeline.StartAsync(StoryTime.Token);
        (await starting.Should().ThrowAsync<AmazonServiceException>()).WithMessage(
            "*Test connection*should be successful*password authentication failed*");
        (await deployment.Dms.DescribeReplicationTaskAsync(pipeline.Output.TaskArn, StoryTime.Token)).Status.Should().Be("ready");
    }

    [Fact]
    public async Task A_table_that_the_database_lacks_is_named_before_the_task_starts()
    {
        var deployment = (await DeployedPipeline.GetAsync()).Deployment;
        var pipeline =
            deployment.Pipeline with { Tables = [.. deployment.Pipeline.Tables, new ReplicatedTable("public", "refunds", ["refund_id"])] };
        var preparing = () => new ReplicationStart(pipeline, deployment.Source, deployment.Dms).PrepareSourceAsync(StoryTime.Token);

        (await preparing.Should().ThrowAsync<PipelineException>()).WithMessage(
            "*public.refunds*lacks*public.customers*Create the table*not started*");
    }

    [Fact]
    public async Task A_primary_key_that_the_database_does_not_have_is_named_before_the_task_starts()
    {
        var deployment = (await DeployedPipeline.GetAsync()).Deployment;
        var pipeline = deployment.Pipeline with { Tables = [new ReplicatedTable("public", "order_items", ["order_id"])] };
        var preparing = () => new ReplicationStart(pipeline, deployment.Source, deployment.Dms).PrepareSourceAsync(StoryTime.Token);

        (await preparing.Should().ThrowAsync<PipelineException>()).WithMessage("*public.order_items*(order_id)*(order_id, line_number)*");
    }

    [Fact]
    public async Task A_script_that_throws_fails_its_run_with_the_message_and_the_next_event_starts_a_run_that_loses_nothing()
    {
        var deployment = (await DeployedPipeline.GetAsync()).Deployment;
        var inTime = StoryTime.Token;
        var shop = new ShopDatabase(deployment.Source);
        var script = new Uri(
            (await deployment.Glue.GetJobAsync(deployment.Pipeline.JobName, inTime))["Command"]!["ScriptLocation"]!.GetValue<string>());
        var key = script.AbsolutePath.TrimStart('/');
        await Convergence.IdleAsync(deployment, Limit, inTime);
        var good = System.Text.Encoding.UTF8.GetString(await deployment.S3.ReadAsync(script.Host, key, inTime));

        await deployment.S3.PutObjectAsync(
            new PutObjectRequest { BucketName = script.Host, Key = key, ContentBody = "raise RuntimeError('the script is broken')\n" },
            inTime);
        var first = await shop.AddCustomerAsync(inTime);
        var failed = await Eventually.BecomesAsync(
            "the event's run has ended",
            async token => (await deployment.Glue.GetJobRunsAsync(deployment.Pipeline.JobName, 1, token))[0],
            run => run is { IsActive: false, JobRunState: not "SUCCEEDED" },
            Limit,
            inTime);
        failed.JobRunState.Should().Be("FAILED");
        failed.ErrorMessage.Should().Contain("the script is broken");

        await deployment.S3.PutObjectAsync(new PutObjectRequest { BucketName = script.Host, Key = key, ContentBody = good }, inTime);
        var second = await shop.AddCustomerAsync(inTime);

        await Eventually.BecomesAsync(
            "both customers are in the final table",
            async token =>
            {
                var found = await deployment.Athena.RunAsync(
                    $"SELECT customer_id FROM public_customers WHERE customer_id IN ({first}, {second}) ORDER BY 1", token);
                return string.Join(' ', found.Rows.Select(row => row[0]));
            },
            seen => seen == $"{first} {second}",
            Limit,
            inTime,
            TimeSpan.FromSeconds(1));
    }
}
