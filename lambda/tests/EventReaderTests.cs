namespace Doorbell.Tests;

public sealed class EventReaderTests
{
    [Theory]
    [InlineData("s3-notification", nameof(RingSource.ObjectCreated), 2)]
    [InlineData("eventbridge-s3", nameof(RingSource.ObjectCreated), 1)]
    [InlineData("sns", nameof(RingSource.ObjectCreated), 1)]
    [InlineData("on-failure", nameof(RingSource.Redriven), 1)]
    [InlineData("eventbridge-glue", nameof(RingSource.RunEnded), 0)]
    [InlineData("schedule", nameof(RingSource.Schedule), 0)]
    [InlineData("manual", nameof(RingSource.Manual), 0)]
    [InlineData("s3-removal", nameof(RingSource.Nothing), 0)]
    [InlineData("s3-test", nameof(RingSource.Nothing), 0)]
    public void Every_shape_that_reaches_the_function_is_understood(string name, string source, int objects)
    {
        var ring = EventReader.Read(TestEvents.Element(name));
        ring.Source.ToString().Should().Be(source);
        ring.Objects.Should().HaveCount(objects);
    }

    [Theory]
    [InlineData("s3-notification")]
    [InlineData("eventbridge-s3")]
    public void A_notification_encodes_the_key_and_EventBridge_does_not(string name)
    {
        var first = EventReader.Read(TestEvents.Element(name)).Objects[0];
        first.Key.Should().Be("raw/public/a b+c@d/LOAD00000001.parquet");
        first.Bucket.Should().Be("raw-bucket");
    }

    [Fact]
    public void The_times_of_a_ring_are_those_of_its_oldest_and_newest_object()
    {
        var ring = EventReader.Read(TestEvents.Element("s3-notification"));
        ring.Oldest.Should().Be(new DateTimeOffset(2025, 1, 21, 22, 21, 10, 123, TimeSpan.Zero));
        ring.Newest.Should().Be(new DateTimeOffset(2025, 1, 21, 22, 21, 11, 500, TimeSpan.Zero));
    }

    [Fact]
    public void An_object_without_a_time_leaves_the_ring_without_one()
    {
        var text = TestEvents.Text("s3-notification").Replace("\"eventTime\":\"2025-01-21T22:21:10.123Z\",", "", StringComparison.Ordinal);
        EventReader.Read(TestEvents.Parse(text)).Newest.Should().BeNull();
    }

    [Fact]
    public void A_state_change_names_the_job_the_run_and_its_state() =>
        EventReader.Read(TestEvents.Element("eventbridge-glue")).Run.Should().Be(new EndedRun("job", "jr_failed", "FAILED"));

    [Fact]
    public void A_failed_ring_that_failed_again_is_still_the_same_ring()
    {
        var twice = $$"""{"requestContext":{"condition":"RetriesExhausted"},"requestPayload":{{TestEvents.Text("on-failure")}}}""";
        EventReader.Read(TestEvents.Parse(twice)).Objects.Single().Key.Should().Be("raw/public/orders/LOAD00000001.parquet");
    }

    [Fact]
    public void A_failed_batch_of_a_queue_rings_for_what_it_holds()
    {
        var failed = $$"""{"requestContext":{"condition":"RetriesExhausted"},"requestPayload":{{TestEvents.Text("sqs-mixed")}}}""";
        EventReader.Read(TestEvents.Parse(failed)).Should().Match<Ring>(
            ring => ring.Source == RingSource.Redriven && ring.Objects.Count > 0);
    }

    [Fact]
    public void A_failed_state_change_stays_a_state_change()
    {
        var failed = $$"""{"requestContext":{"condition":"RetriesExhausted"},"requestPayload":{{TestEvents.Text("eventbridge-glue")}}}""";
        EventReader.Read(TestEvents.Parse(failed)).Source.Should().Be(RingSource.RunEnded);
    }

    [Fact]
    public void Envelopes_without_end_are_refused()
    {
        var text = "{}";
        for (var level = 0; level < 20; level++)
        {
            text = $$"""{"requestContext":{"condition":"RetriesExhausted"},"requestPayload":{{text}}}""";
        }

        var reading = () => EventReader.Read(TestEvents.Parse(text));
        reading.Should().Throw<UnknownEventException>();
    }

    [Theory]
    [InlineData("2.1", true)]
    [InlineData("2.6", true)]
    [InlineData("3.0", false)]
    public void Every_minor_version_of_the_event_is_understood(string version, bool understood)
    {
        var json = TestEvents.Text("s3-notification").Replace("\"2.1\"", $"\"{version}\"", StringComparison.Ordinal);
        var reading = () => EventReader.Read(TestEvents.Parse(json));
        if (understood)
        {
            reading.Should().NotThrow();
        }
        else
        {
            reading.Should().Throw<UnknownEventException>().WithMessage("*3.0*");
        }
    }

    [Theory]
    [InlineData("""{"Records":[7]}""", "*source is ,*Number*")]
    [InlineData("""{"Records":[null]}""", "*source is ,*Null*")]
    [InlineData("""{"Records":7}""", "*none of those*{Records: Number}*")]
    [InlineData("""{"Records":[]}""", "*none of those*{Records: []}*")]
    [InlineData("""[1]""", "*not an object*[Number]*")]
    [InlineData("""{"hello":{"deep":[1,2]}}""", "*{hello: {deep: [Number, … 2 in all]}}*")]
    [InlineData("""{"Records":[{"eventSource":"aws:ses","eventVersion":"2.1"}]}""", "*aws:ses*")]
    [InlineData("""{"Records":[{"eventSource":"aws:s3","eventVersion":2.1}]}""", "*version ;*")]
    [InlineData("""{"Records":[{"eventSource":"aws:s3","eventVersion":"2.1","s3":null}]}""", "*names no object*s3: Null*")]
    [InlineData(
        """{"Records":[{"eventSource":"aws:s3","eventVersion":"2.1","s3":{"bucket":{"name":"b"},"object":{"key":7}}}]}""",
        "*key: Number*")]
    [InlineData("""{"source":"aws.ec2","detail-type":"EC2 Instance State-change Notification","detail":{}}""", "*aws.ec2*")]
    [InlineData("""{"source":"aws.s3","detail-type":"Object Created","detail":{"bucket":{"name":"b"}}}""", "*names no object*")]
    [InlineData("""{"source":"aws.glue","detail-type":"Glue Job State Change","detail":{"jobName":"j"}}""", "*names no run*")]
    public void An_event_of_another_shape_shows_its_outline(string json, string message)
    {
        var reading = () => EventReader.Read(TestEvents.Parse(json));
        reading.Should().Throw<UnknownEventException>().WithMessage(message);
    }

    [Fact]
    public void An_outline_tells_no_values()
    {
        var reading = () => EventReader.Read(TestEvents.Parse("""{"customer":"Ada","Records":{"key":"raw/secret"}}"""));
        reading.Should().Throw<UnknownEventException>().Which.Message.Should().NotContain("Ada").And.NotContain("secret");
    }
}
