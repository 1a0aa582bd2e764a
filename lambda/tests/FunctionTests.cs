using System.Text;
using System.Text.Json.Nodes;
using Amazon.Lambda.Core;

namespace Doorbell.Tests;

public sealed class FunctionTests : IDisposable
{
    private readonly TestClock _clock = new();
    private readonly FakeJobRuns _runs = new();
    private readonly StringWriter _log = new();

    public void Dispose() => _log.Dispose();

    [Fact]
    public async Task The_answer_says_what_was_done_and_why()
    {
        var answer = await HandleAsync(TestEvents.Text("schedule"));
        answer["action"]!.GetValue<string>().Should().Be("Started");
        answer["runId"]!.GetValue<string>().Should().Be(_runs.Runs.Single().Id);
        answer["reason"]!.GetValue<string>().Should().NotBeEmpty();
    }

    [Fact]
    public async Task Of_a_batch_only_the_messages_that_are_not_understood_come_back_and_the_others_ring_once()
    {
        var answer = await HandleAsync(TestEvents.Text("sqs-mixed"));
        answer["batchItemFailures"]!.AsArray().Select(item => item!["itemIdentifier"]!.GetValue<string>()).Should().Equal("m-2", "m-4");
        (_runs.Looked, _runs.Started).Should().Be((1, 1));
        var lines = Lines();
        lines[0]["keyCount"]!.GetValue<int>().Should().Be(3);
        lines.Skip(1).Select(line => line["messageId"]!.GetValue<string>()).Should().Equal("m-2", "m-4");
    }

    [Theory]
    [InlineData("sqs-on-failure")]
    [InlineData("sqs-dead-letter")]
    public async Task A_failed_event_that_comes_back_by_a_queue_looks_although_a_run_was_just_seen(string name)
    {
        var function = FunctionOf(logKeys: false);
        await HandleAsync(function, TestEvents.Text("s3-notification"));
        var answer = await HandleAsync(function, TestEvents.Text(name));
        answer["batchItemFailures"]!.AsArray().Should().BeEmpty();
        _runs.Looked.Should().Be(2);
    }

    [Fact]
    public async Task A_batch_that_Glue_refuses_comes_back_as_a_whole()
    {
        _runs.Refusals.Enqueue(new InvalidOperationException("on purpose"));
        var handling = () => HandleAsync(TestEvents.Text("sqs-on-failure"));
        await handling.Should().ThrowAsync<InvalidOperationException>();
    }

    [Theory]
    [InlineData("""{"hello":1}""", "UnknownEventException")]
    [InlineData("not json", "UnknownEventException")]
    public async Task What_is_not_understood_is_an_error_with_a_line_and_a_metric(string payload, string type)
    {
        var handling = () => HandleAsync(payload);
        await handling.Should().ThrowAsync<UnknownEventException>();
        var line = Lines().Single();
        line["level"]!.GetValue<string>().Should().Be("ERROR");
        line["errorType"]!.GetValue<string>().Should().Be(type);
        line["Errors"]!.GetValue<int>().Should().Be(1);
        line["requestId"]!.GetValue<string>().Should().Be("r-1");
    }

    [Fact]
    public async Task A_line_tells_request_bucket_count_decision_and_reason()
    {
        await HandleAsync(TestEvents.Text("s3-notification"));
        var line = Lines().Single();
        line["requestId"]!.GetValue<string>().Should().Be("r-1");
        line["buckets"]!.AsArray().Single()!.GetValue<string>().Should().Be("raw-bucket");
        line["keyCount"]!.GetValue<int>().Should().Be(2);
        line["decision"]!.GetValue<string>().Should().Be("Started");
        line["reason"]!.GetValue<string>().Should().NotBeEmpty();
        // One look, one start.
        line["glueCalls"]!.GetValue<int>().Should().Be(2);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Keys_are_logged_only_when_they_may_be(bool logKeys)
    {
        await HandleAsync(FunctionOf(logKeys), TestEvents.Text("s3-notification"));
        _log.ToString().Contains("LOAD00000001", StringComparison.Ordinal).Should().Be(logKeys);
    }

    [Fact]
    public async Task A_line_is_metrics_in_the_embedded_format_whose_every_metric_and_dimension_is_a_member_of_it()
    {
        var function = FunctionOf(logKeys: false);
        await HandleAsync(function, TestEvents.Text("s3-notification"));
        await HandleAsync(function, TestEvents.Text("sqs-mixed"));
        var lines = Lines();
        foreach (var line in lines)
        {
            var directive = line["_aws"]!["CloudWatchMetrics"]![0]!;
            directive["Namespace"]!.GetValue<string>().Should().Be("CdcPipeline");
            foreach (var metric in directive["Metrics"]!.AsArray())
            {
                line[metric!["Name"]!.GetValue<string>()]!.GetValueKind().Should().Be(System.Text.Json.JsonValueKind.Number);
            }

            line[directive["Dimensions"]![0]![0]!.GetValue<string>()]!.GetValue<string>().Should().Be("job");
        }

        // The first event started a run; of the batch one notification and one EventBridge event relied on it, one message was a test.
        lines.Select(line => line["Rings"]!.GetValue<int>()).Should().Equal(1, 2, 0, 0);
        lines.Select(line => line["RunsStarted"]!.GetValue<int>()).Should().Equal(1, 0, 0, 0);
        lines.Select(line => line["RingsCoalesced"]!.GetValue<int>()).Should().Equal(0, 2, 0, 0);
        lines[0]["OldestEventAge"]!.GetValue<double>().Should().BeApproximately(9.877, 0.001);
    }

    private Function FunctionOf(bool logKeys) => new(
        new Bell(_runs, "job", new Retry(_clock, () => 0), _clock),
        new DoorbellLog(_log, new DoorbellConfiguration("job", logKeys, "CdcPipeline"), _clock));

    private Task<JsonObject> HandleAsync(string payload) => HandleAsync(FunctionOf(logKeys: false), payload);

    private static Task<JsonObject> HandleAsync(Function function, string payload) =>
        function.HandleAsync(new MemoryStream(Encoding.UTF8.GetBytes(payload)), new Context(), CancellationToken.None);

    private List<JsonObject> Lines() =>
        [.. _log.ToString().Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => (JsonObject)JsonNode.Parse(line)!)];

    private sealed class Context : ILambdaContext
    {
        public string AwsRequestId => "r-1";

        public string InvokedFunctionArn => "arn:aws:lambda:us-east-1:123456789012:function:shop-doorbell";

        public TimeSpan RemainingTime => TimeSpan.FromSeconds(30);
    }
}
