using System.Text.Json;

namespace Doorbell.Tests;

public sealed class BellTests
{
    // The shape that AWS sent on 2025-01-21 (localstack, test_s3_notifications_lambda.snapshot.json), with a key as S3 encodes it.
    private const string Recorded = """
        {"Records":[{"eventVersion":"2.1","eventSource":"aws:s3","awsRegion":"eu-west-1",
         "eventTime":"2025-01-21T22:21:10.123Z","eventName":"ObjectCreated:Put",
         "userIdentity":{"principalId":"AWS:AROA:name"},"requestParameters":{"sourceIPAddress":"1.2.3.4"},
         "responseElements":{"x-amz-request-id":"r","x-amz-id-2":"i"},
         "s3":{"s3SchemaVersion":"1.0","configurationId":"id","bucket":{"name":"raw-bucket","ownerIdentity":{"principalId":"A"},
               "arn":"arn:aws:s3:::raw-bucket"},
               "object":{"key":"raw/public/a+b%2Bc%40d/LOAD00000001.parquet","size":9,
                         "eTag":"437b930db84b8079c2dd804a71936b5f","sequencer":"0055AED6DCD90281E5"}}}]}
        """;

    [Fact]
    public async Task The_first_event_starts_a_run_that_is_known_as_a_doorbells()
    {
        var runs = new FakeJobRuns();
        var result = await RingAsync(runs, Recorded);
        result["action"]!.GetValue<string>().Should().Be("started");
        runs.Runs.Single().Arguments.Should().ContainKey("--doorbell");
    }

    [Fact]
    public async Task A_burst_of_a_thousand_events_starts_one_run_while_that_run_has_not_begun_to_list()
    {
        var runs = new FakeJobRuns();
        for (var index = 0; index < 1000; index++)
        {
            await RingAsync(runs, Recorded);
        }

        runs.Started.Should().Be(1);
    }

    [Theory]
    [InlineData(5, 300, 5)]
    [InlineData(1, 1000, 2)]
    [InlineData(50, 450, 3)]
    public async Task A_burst_while_runs_come_and_go_costs_a_run_for_each_that_works_meanwhile_and_one_lists_after_the_last_object(
        int start, int work, int most)
    {
        var runs = new FakeJobRuns { Ticks = (start, work) };
        for (var index = 0; index < 1000; index++)
        {
            await RingAsync(runs, Recorded);
            runs.Tick();
        }

        runs.Started.Should().BeLessThanOrEqualTo(most);
        // The last event came before the last tick, so only a run that had not listed before that tick sees its object.
        runs.Runs[0].JobRunState.Should().BeOneOf("WAITING", "STARTING");
    }

    [Theory]
    [InlineData("RUNNING")]
    [InlineData("SUCCEEDED")]
    [InlineData("FAILED")]
    [InlineData("STOPPED")]
    [InlineData("TIMEOUT")]
    public async Task A_run_that_may_have_listed_before_the_object_landed_does_not_count(string state)
    {
        var runs = new FakeJobRuns { Runs = { FakeJobRuns.Run(state, byDoorbell: true) } };
        await RingAsync(runs, Recorded);
        runs.Started.Should().Be(1);
    }

    [Theory]
    [InlineData("WAITING")]
    [InlineData("STARTING")]
    public async Task A_run_that_will_list_later_is_relied_on(string state)
    {
        var pending = FakeJobRuns.Run(state, byDoorbell: true);
        var runs = new FakeJobRuns { Runs = { FakeJobRuns.Run("RUNNING", byDoorbell: true), pending } };
        var result = await RingAsync(runs, Recorded);
        runs.Started.Should().Be(0);
        result["runId"]!.GetValue<string>().Should().Be(pending.Id);
    }

    [Fact]
    public async Task A_run_that_somebody_started_by_hand_is_not_relied_on()
    {
        var runs = new FakeJobRuns { Runs = { FakeJobRuns.Run("WAITING", byDoorbell: false) } };
        await RingAsync(runs, Recorded);
        runs.Started.Should().Be(1);
    }

    [Fact]
    public async Task What_Glue_refuses_is_thrown_so_that_Lambda_tries_again()
    {
        var runs = new FakeJobRuns { Refusal = new InvalidOperationException("ConcurrentRunsExceededException") };
        var ringing = () => RingAsync(runs, Recorded);
        await ringing.Should().ThrowAsync<InvalidOperationException>();
    }

    [Fact]
    public void Keys_are_decoded_as_S3_encodes_them()
    {
        using var document = JsonDocument.Parse(Recorded);
        S3Events.Read(document.RootElement).Single().Key.Should().Be("raw/public/a b+c@d/LOAD00000001.parquet");
    }

    [Theory]
    [InlineData("2.1", true)]
    [InlineData("2.6", true)]
    [InlineData("3.0", false)]
    public void Every_minor_version_of_the_event_is_understood(string version, bool understood)
    {
        using var document = JsonDocument.Parse(Recorded.Replace("\"2.1\"", $"\"{version}\"", StringComparison.Ordinal));
        var reading = () => S3Events.Read(document.RootElement);
        if (understood)
        {
            reading.Should().NotThrow();
        }
        else
        {
            reading.Should().Throw<UnknownEventException>().WithMessage("*3.0*");
        }
    }

    [Fact]
    public async Task An_event_that_is_no_S3_notification_says_what_it_holds()
    {
        var ringing = () => RingAsync(new FakeJobRuns(), """{"hello":1}""");
        await ringing.Should().ThrowAsync<UnknownEventException>().WithMessage("*hello*");
    }

    [Theory]
    [InlineData("\"s3\":", "\"sqs\":")]
    [InlineData("\"bucket\":", "\"pail\":")]
    [InlineData("\"key\":", "\"clef\":")]
    public void A_record_that_names_no_object_says_what_it_holds(string member, string replaced)
    {
        using var document = JsonDocument.Parse(Recorded.Replace(member, replaced, StringComparison.Ordinal));
        var reading = () => S3Events.Read(document.RootElement);
        reading.Should().Throw<UnknownEventException>().WithMessage("*eventName*s3.object.key*");
    }

    [Theory]
    [InlineData("""{"Records":[7]}""", "*record is Number*")]
    [InlineData("""{"Records":[null]}""", "*record is Null*")]
    [InlineData("""{"Records":7}""", "*Records*")]
    [InlineData("""[1]""", "*Array*")]
    [InlineData("""{"Records":[{"eventSource":"aws:sqs","eventVersion":"2.1"}]}""", "*aws:sqs*")]
    [InlineData("""{"Records":[{"eventSource":7,"eventVersion":"2.1"}]}""", "*source is ,*")]
    [InlineData("""{"Records":[{"eventSource":"aws:s3","eventVersion":2.1}]}""", "*version ;*")]
    [InlineData("""{"Records":[{"eventSource":"aws:s3","eventVersion":"2.1","s3":null}]}""", "*s3 has Null*")]
    [InlineData(
        """{"Records":[{"eventSource":"aws:s3","eventVersion":"2.1","s3":{"bucket":{"name":"b"},"object":{"key":7}}}]}""",
        "*bucket, object*as text*")]
    [InlineData("""{"Records":[{"eventSource":"aws:s3","eventVersion":"2.1","s3":{"bucket":"b","object":"k"}}]}""", "*bucket, object*")]
    public void An_event_of_another_shape_says_what_it_holds(string json, string message)
    {
        using var document = JsonDocument.Parse(json);
        var reading = () => S3Events.Read(document.RootElement);
        reading.Should().Throw<UnknownEventException>().WithMessage(message);
    }

    private static async Task<System.Text.Json.Nodes.JsonObject> RingAsync(FakeJobRuns runs, string json)
    {
        using var document = JsonDocument.Parse(json);
        return await new Bell(runs, TextWriter.Null).RingAsync(document.RootElement, CancellationToken.None);
    }
}
