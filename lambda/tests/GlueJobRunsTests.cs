using System.Net;
using System.Text.Json.Nodes;
using Amazon.Glue;

namespace Doorbell.Tests;

/// <summary>The client and the runs over the wire: what Glue's API is asked, and what is made of its answers.</summary>
[Collection(nameof(GlueJobRunsTests))]
public sealed class GlueJobRunsTests : IDisposable
{
    private static readonly string[] Variables = ["AWS_ENDPOINT_URL", "AWS_REGION", "AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"];

    private readonly HttpListener _glue = new();
    private readonly Dictionary<string, string?> _before = Variables.ToDictionary(name => name, Environment.GetEnvironmentVariable);

    public GlueJobRunsTests()
    {
        using var probe = new System.Net.Sockets.TcpListener(IPAddress.Loopback, 0);
        probe.Start();
        var address = $"http://127.0.0.1:{((IPEndPoint)probe.LocalEndpoint).Port}/";
        probe.Stop();
        _glue.Prefixes.Add(address);
        _glue.Start();
        foreach (var (name, value) in Variables.Zip([address, "eu-central-1", "key", "secret"]))
        {
            Environment.SetEnvironmentVariable(name, value);
        }
    }

    public void Dispose()
    {
        _glue.Close();
        foreach (var (name, value) in _before)
        {
            Environment.SetEnvironmentVariable(name, value);
        }
    }

    [Fact(Timeout = 30_000)]
    public async Task A_run_is_started_with_the_doorbells_argument_alone()
    {
        using var client = new AmazonGlueClient(GlueJobRuns.AttemptTimeout);
        var starting = new GlueJobRuns(client, "job").StartAsync(CancellationToken.None);
        var asked = await AnswerAsync("""{"JobRunId":"jr_1"}""");
        (await starting).Should().Be("jr_1");
        asked.Operation.Should().Be("AWSGlue.StartJobRun");
        JsonNode.DeepEquals(asked.Body, JsonNode.Parse("""{"JobName":"job","Arguments":{"--doorbell":"true"}}""")).Should().BeTrue(
            asked.Body.ToJsonString());
    }

    [Fact(Timeout = 30_000)]
    public async Task The_latest_runs_are_asked_for_once_and_keep_the_order_and_the_arguments_of_the_answer()
    {
        using var client = new AmazonGlueClient(GlueJobRuns.AttemptTimeout);
        var asking = new GlueJobRuns(client, "job").LatestAsync(CancellationToken.None);
        var asked = await AnswerAsync(
            """
            {"JobRuns":[{"Id":"jr_3","JobRunState":"RUNNING","StartedOn":1764200000.5,"Arguments":{"--tables":"a"}},
                        {"Id":"jr_2","JobRunState":"WAITING","Arguments":{"--doorbell":"true"}},
                        {"Id":"jr_1","JobRunState":"FAILED","ErrorMessage":"x"}],"NextToken":"more"}
            """);
        var runs = await asking;
        asked.Operation.Should().Be("AWSGlue.GetJobRuns");
        JsonNode.DeepEquals(asked.Body, JsonNode.Parse("""{"JobName":"job","MaxResults":50}""")).Should().BeTrue(asked.Body.ToJsonString());
        runs.Select(run => run.Id).Should().Equal("jr_3", "jr_2", "jr_1");
        runs[0].Arguments.Should().ContainKey("--tables").WhoseValue.Should().Be("a");
        runs[0].StartedOn.Should().Be(DateTimeOffset.FromUnixTimeMilliseconds(1764200000500));
        runs[2].ErrorMessage.Should().Be("x");
    }

    [Fact(Timeout = 30_000)]
    public async Task A_waiting_run_counts_wherever_in_the_answer_it_is()
    {
        using var client = new AmazonGlueClient(GlueJobRuns.AttemptTimeout);
        var bell = new Bell(new GlueJobRuns(client, "job"), "job", new Retry(TimeProvider.System, () => 0), TimeProvider.System);
        var ringing = bell.RingAsync(new Ring(RingSource.Manual), CancellationToken.None);
        var others = string.Join(",", Enumerable.Range(0, 20).Select(index => $$"""{"Id":"jr_{{index}}","JobRunState":"SUCCEEDED"}"""));
        const string Waiting = """{"Id":"jr_old","JobRunState":"WAITING","Arguments":{"--doorbell":"true"}}""";
        await AnswerAsync("{\"JobRuns\":[" + others + "," + Waiting + "]}");
        (await ringing).RunId.Should().Be("jr_old");
    }

    [Fact(Timeout = 60_000)]
    public async Task A_call_that_hangs_is_tried_again_after_five_seconds()
    {
        using var client = new AmazonGlueClient(GlueJobRuns.AttemptTimeout);
        var asking = new GlueJobRuns(client, "job").LatestAsync(CancellationToken.None);
        var hanging = await _glue.GetContextAsync();
        var waited = System.Diagnostics.Stopwatch.StartNew();
        await AnswerAsync("""{"JobRuns":[]}""");
        // How much later depends on the machine; the limit itself is a constant.
        waited.Elapsed.Should().BeGreaterThan(TimeSpan.FromSeconds(4));
        GlueJobRuns.AttemptTimeout.Should().Be(TimeSpan.FromSeconds(5));
        (await asking).Should().BeEmpty();
        hanging.Response.Abort();
    }

    [Fact(Timeout = 30_000)]
    public async Task What_is_prepared_before_the_first_event_is_one_call_that_changes_nothing()
    {
        using var client = new AmazonGlueClient(GlueJobRuns.AttemptTimeout);
        var warming = new GlueJobRuns(client, "job").WarmUpAsync(CancellationToken.None);
        var asked = await AnswerAsync("""{"JobRuns":[]}""");
        (await warming).Should().BeNull();
        asked.Operation.Should().Be("AWSGlue.GetJobRuns");
        JsonNode.DeepEquals(asked.Body, JsonNode.Parse("""{"JobName":"job","MaxResults":1}""")).Should().BeTrue(asked.Body.ToJsonString());
    }

    [Fact(Timeout = 60_000)]
    public async Task A_preparation_that_fails_leaves_the_events_to_try_for_themselves()
    {
        _glue.Stop();
        using var client = new AmazonGlueClient(GlueJobRuns.AttemptTimeout);
        (await new GlueJobRuns(client, "job").WarmUpAsync(CancellationToken.None)).Should().NotBeNullOrEmpty();
    }

    [Fact(Timeout = 30_000)]
    public async Task A_client_without_a_limit_of_its_own_has_the_SDKs()
    {
        using var client = new AmazonGlueClient();
        var asking = client.GetJobRunsAsync("job", 1, CancellationToken.None);
        await AnswerAsync("""{"JobRuns":[]}""");
        (await asking).Should().BeEmpty();
    }

    [Fact(Timeout = 60_000)]
    public async Task A_start_that_hits_the_limit_of_runs_looks_again_and_finds_the_run_that_another_ring_started()
    {
        using var client = new AmazonGlueClient(GlueJobRuns.AttemptTimeout);
        var retry = new Retry(TimeProvider.System, () => 0);
        var ringing = new Bell(new GlueJobRuns(client, "job"), "job", retry, TimeProvider.System)
            .RingAsync(new Ring(RingSource.Manual), CancellationToken.None);
        await AnswerAsync("""{"JobRuns":[]}""");
        const string Refusal = """{"__type":"ConcurrentRunsExceededException","Message":"Concurrent runs exceeded for job"}""";
        (await AnswerAsync(Refusal, HttpStatusCode.BadRequest)).Operation.Should().Be("AWSGlue.StartJobRun");
        (await AnswerAsync("""{"JobRuns":[{"Id":"jr_1","JobRunState":"STARTING","Arguments":{"--doorbell":"true"}}]}"""))
            .Operation.Should().Be("AWSGlue.GetJobRuns");
        (await ringing).Should().BeEquivalentTo(new { Action = DoorbellAction.Waiting, RunId = "jr_1" });
    }

    private async Task<(string Operation, JsonNode Body)> AnswerAsync(string json, HttpStatusCode status = HttpStatusCode.OK)
    {
        var context = await _glue.GetContextAsync();
        using var reader = new StreamReader(context.Request.InputStream);
        var body = JsonNode.Parse(await reader.ReadToEndAsync(CancellationToken.None))!;
        context.Response.StatusCode = (int)status;
        context.Response.ContentType = "application/x-amz-json-1.1";
        await context.Response.OutputStream.WriteAsync(System.Text.Encoding.UTF8.GetBytes(json), CancellationToken.None);
        context.Response.Close();
        return (context.Request.Headers["X-Amz-Target"]!, body);
    }
}
