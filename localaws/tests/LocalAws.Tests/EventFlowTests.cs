using System.Text.Json.Nodes;
using LocalAws.Tests.Harness;

namespace LocalAws.Tests;

/// <summary>
/// Events on their way between services: queues, destinations, rules and topics really deliver what they are configured to.
/// </summary>
[Collection(GatewayCollection.Name)]
public sealed class EventFlowTests(SharedGateway shared)
{
    private const string QueuePolicy =
        """{"Statement":[{"Effect":"Allow","Principal":{"Service":"s3.amazonaws.com"},"Action":"sqs:SendMessage","Resource":"*"}]}""";

    /// <summary>Answers a batch, naming the messages whose body has the word bad as not handled.</summary>
    private const string ReportsBad = """
        handle() {
          echo "batch $event" >&2
          bad=$(grep -oE '"messageId":"[^"]+","receiptHandle":"[^"]+","body":"bad' <<< "$event" | cut -d'"' -f4 | head -1)
          answer='{"batchItemFailures":[]}'
          if [[ -n $bad ]]; then answer="{\"batchItemFailures\":[{\"itemIdentifier\":\"$bad\"}]}"; fi
          curl -sS -d "$answer" "$api/invocation/$id/response"
        }
        """;

    private const string Fails = """
        handle() { curl -sS -d '{"errorType":"Test","errorMessage":"on purpose"}' "$api/invocation/$id/error"; }
        """;

    private readonly Gateway _gateway = shared.Gateway;

    [Fact]
    public async Task A_queue_feeds_its_function_and_what_was_not_handled_ends_in_the_dead_letter_queue()
    {
        var dead = await _gateway.CreateQueueAsync("fed-dead");
        var queue = await _gateway.CreateQueueAsync("fed", new JsonObject
        {
            ["VisibilityTimeout"] = "1",
            ["RedrivePolicy"] = $$"""{"deadLetterTargetArn":"{{dead}}","maxReceiveCount":2}""",
        });
        await _gateway.CreateFunctionAsync("fed", ReportsBad, timeout: 1);
        await MapAsync("fed", queue, new JsonObject
        {
            ["BatchSize"] = 5,
            ["FunctionResponseTypes"] = new JsonArray("ReportBatchItemFailures"),
            ["ScalingConfig"] = new JsonObject { ["MaximumConcurrency"] = 2 },
        });
        await _gateway.SendMessageAsync("fed", "good one");
        await _gateway.SendMessageAsync("fed", "bad one");
        (await _gateway.NextMessageAsync("fed-dead"))["Body"]!.GetValue<string>().Should().Be("bad one");
        await Eventually.TrueAsync("nothing is left in the queue", async () =>
        {
            var left = await _gateway.MessagesAsync("fed");
            return (left == 0, left);
        });
        var log = await _gateway.FunctionLogAsync("fed", "good one");
        log.Should().Contain("\"eventSource\":\"aws:sqs\"").And.Contain($"\"eventSourceARN\":\"{queue}\"");
    }

    [Fact]
    public async Task A_batch_waits_for_its_window_and_takes_what_its_filter_takes()
    {
        var queue = await _gateway.CreateQueueAsync("windowed");
        await _gateway.CreateFunctionAsync("windowed", GatewayFunctions.Hears);
        await MapAsync("windowed", queue, new JsonObject
        {
            ["BatchSize"] = 3,
            ["MaximumBatchingWindowInSeconds"] = 60,
            ["FilterCriteria"] = new JsonObject
            {
                ["Filters"] = new JsonArray(new JsonObject { ["Pattern"] = """{"body":{"take":[true]}}""" }),
            },
        });
        foreach (var body in new[] { "true,\"n\":1", "false", "true,\"n\":2", "true,\"n\":3" })
        {
            await _gateway.SendMessageAsync("windowed", "{\"take\":" + body + "}");
        }

        // Long before the window's end, because the batch is full.
        var log = await _gateway.FunctionLogAsync("windowed", "\\\"n\\\":3");
        log.Split("heard").Should().HaveCount(2);
        log.Should().Contain("\\\"n\\\":1").And.NotContain("false");
    }

    [Theory]
    [InlineData("""{"BatchSize":11}""", "*batch window*")]
    [InlineData("""{"ScalingConfig":{"MaximumConcurrency":1}}""", "*MaximumConcurrency*")]
    [InlineData("""{"FilterCriteria":{"Filters":[{"Pattern":"{}"}]}}""", "*filter pattern*")]
    public async Task A_mapping_that_Lambda_refuses_is_refused(string settings, string message)
    {
        var name = "refused-" + Guid.NewGuid().ToString("N")[..8];
        var queue = await _gateway.CreateQueueAsync(name);
        await _gateway.CreateFunctionAsync(name, GatewayFunctions.Hears);
        var input = (JsonObject)JsonNode.Parse(settings)!;
        (input["FunctionName"], input["EventSourceArn"]) = (name, queue);
        var (status, body) = await _gateway.RestAsync(HttpMethod.Post, "/2015-03-31/event-source-mappings/", input);
        status.Should().Be(400);
        body["message"]!.GetValue<string>().Should().Match(message);
    }

    [Fact]
    public async Task A_queue_that_hides_messages_for_less_than_the_functions_time_is_refused()
    {
        var queue = await _gateway.CreateQueueAsync("hides", new JsonObject { ["VisibilityTimeout"] = "5" });
        await _gateway.CreateFunctionAsync("hides", GatewayFunctions.Hears, timeout: 10);
        var input = new JsonObject { ["FunctionName"] = "hides", ["EventSourceArn"] = queue };
        var (status, body) = await _gateway.RestAsync(HttpMethod.Post, "/2015-03-31/event-source-mappings/", input);
        status.Should().Be(400);
        body["message"]!.GetValue<string>().Should().Be("Queue visibility timeout: 5 seconds is less than Function timeout: 10 seconds");
    }

    [Fact]
    public async Task An_event_that_failed_for_good_goes_to_the_destination_as_a_record_and_to_the_dead_letter_queue_as_itself()
    {
        var destination = await _gateway.CreateQueueAsync("gave-up");
        var dead = await _gateway.CreateQueueAsync("gave-up-dead");
        var function = await _gateway.CreateFunctionAsync("gives-up", Fails);
        await _gateway.RestAsync(
            HttpMethod.Put,
            "/2015-03-31/functions/gives-up/configuration",
            new JsonObject { ["DeadLetterConfig"] = new JsonObject { ["TargetArn"] = dead } });
        var (status, _) = await _gateway.RestAsync(HttpMethod.Put, "/2019-09-25/functions/gives-up/event-invoke-config", new JsonObject
        {
            ["MaximumRetryAttempts"] = 0,
            ["DestinationConfig"] = new JsonObject { ["OnFailure"] = new JsonObject { ["Destination"] = destination } },
        });
        status.Should().Be(200);
        await InvokeLaterAsync("gives-up", """{"n":1}""");

        var record = JsonNode.Parse((await _gateway.NextMessageAsync("gave-up"))["Body"]!.GetValue<string>())!;
        record["requestContext"]!["condition"]!.GetValue<string>().Should().Be("RetriesExhausted");
        record["requestContext"]!["approximateInvokeCount"]!.GetValue<int>().Should().Be(1);
        record["requestContext"]!["functionArn"]!.GetValue<string>().Should().Be(function + ":$LATEST");
        record["requestPayload"]!["n"]!.GetValue<int>().Should().Be(1);
        record["responseContext"]!["functionError"]!.GetValue<string>().Should().Be("Unhandled");
        record["responsePayload"]!["errorMessage"]!.GetValue<string>().Should().Be("on purpose");

        var letter = await _gateway.NextMessageAsync("gave-up-dead");
        letter["Body"]!.GetValue<string>().Should().Be("""{"n":1}""");
        letter["MessageAttributes"]!["ErrorCode"]!["DataType"]!.GetValue<string>().Should().Be("Number");
        letter["MessageAttributes"]!["ErrorMessage"]!["StringValue"]!.GetValue<string>().Should().Be("on purpose");
        letter["MessageAttributes"]!["RequestID"]!["StringValue"]!.GetValue<string>().Should().Be(
            record["requestContext"]!["requestId"]!.GetValue<string>());
    }

    [Fact]
    public async Task A_bucket_tells_a_queue_its_test_event_first_and_then_its_objects()
    {
        await _gateway.PutAsync("tells-queue", "before", "x"u8.ToArray());
        var queue = await _gateway.CreateQueueAsync("told", new JsonObject { ["Policy"] = QueuePolicy });
        await NotifyAsync(
            "tells-queue",
            $"<QueueConfiguration><Queue>{queue}</Queue><Event>s3:ObjectCreated:*</Event></QueueConfiguration>");
        (await _gateway.NextMessageAsync("told"))["Body"]!.GetValue<string>().Should().Contain("s3:TestEvent");
        await _gateway.PutAsync("tells-queue", "a%20b.parquet", "x"u8.ToArray());
        (await _gateway.NextMessageAsync("told"))["Body"]!.GetValue<string>().Should().Contain("\"key\":\"a+b.parquet\"");
    }

    [Fact]
    public async Task A_queue_whose_policy_does_not_let_S3_in_is_refused_as_a_target()
    {
        await _gateway.PutAsync("tells-nobody", "before", "x"u8.ToArray());
        var queue = await _gateway.CreateQueueAsync("closed");
        var status = await NotifyAsync(
            "tells-nobody",
            $"<QueueConfiguration><Queue>{queue}</Queue><Event>s3:ObjectCreated:*</Event></QueueConfiguration>",
            expected: 400);
        status.Should().Contain("Unable to validate");
    }

    [Fact]
    public async Task A_bucket_tells_EventBridge_whose_rule_invokes_a_function_for_the_prefix_alone()
    {
        await _gateway.PutAsync("tells-bus", "before", "x"u8.ToArray());
        await NotifyAsync("tells-bus", "<EventBridgeConfiguration/>");
        var function = await _gateway.CreateFunctionAsync("ruled", GatewayFunctions.Hears);
        var rule = await PutRuleAsync(
            "ruled",
            """{"source":["aws.s3"],"detail":{"bucket":{"name":["tells-bus"]},"object":{"key":[{"prefix":"raw/"}]}}}""",
            function);
        await _gateway.PermitAsync("ruled", "events.amazonaws.com", rule);
        await _gateway.PutAsync("tells-bus", "other/1.parquet", "x"u8.ToArray());
        await _gateway.PutAsync("tells-bus", "raw/a%20b.parquet", "x"u8.ToArray());
        var log = await _gateway.FunctionLogAsync("ruled", "raw/a b.parquet");
        log.Should().Contain("\"reason\":\"PutObject\"").And.NotContain("other/1.parquet");
    }

    [Fact]
    public async Task An_event_that_a_target_cannot_take_goes_to_the_targets_dead_letter_queue()
    {
        var dead = await _gateway.CreateQueueAsync("undelivered");
        var function = await _gateway.CreateFunctionAsync("forbids", GatewayFunctions.Hears);
        await PutRuleAsync("forbids", """{"source":["test.forbids"]}""", function, new JsonObject { ["Arn"] = dead });
        await PutEventAsync("test.forbids", """{"n":1}""");
        var letter = await _gateway.NextMessageAsync("undelivered");
        letter["MessageAttributes"]!["ERROR_CODE"]!["StringValue"]!.GetValue<string>().Should().Be("AccessDeniedException");
        letter["Body"]!.GetValue<string>().Should().Contain("\"source\":\"test.forbids\"");
    }

    [Fact]
    public async Task A_rule_delivers_to_a_queue_while_it_is_enabled()
    {
        var queue = await _gateway.CreateQueueAsync("by-rule");
        await PutRuleAsync("by-rule", """{"source":["test.rule"]}""", queue);
        await _gateway.JsonAsync("events", "AWSEvents.DisableRule", new JsonObject { ["Name"] = "by-rule" });
        await PutEventAsync("test.rule", """{"n":1}""");
        await _gateway.JsonAsync("events", "AWSEvents.EnableRule", new JsonObject { ["Name"] = "by-rule" });
        await PutEventAsync("test.rule", """{"n":2}""");
        (await _gateway.NextMessageAsync("by-rule"))["Body"]!.GetValue<string>().Should().Contain("\"n\":2");
    }

    [Fact]
    public async Task A_rule_with_a_pattern_that_is_none_or_on_another_bus_is_refused()
    {
        (await _gateway.JsonAsync(
            "events", "AWSEvents.PutRule", new JsonObject { ["Name"] = "wrong", ["EventPattern"] = """{"source":"x"}""" }))
            .Body["__type"]!.GetValue<string>().Should().Be("InvalidEventPatternException");
        (await _gateway.JsonAsync(
            "events",
            "AWSEvents.PutRule",
            new JsonObject { ["Name"] = "wrong", ["EventBusName"] = "own", ["EventPattern"] = """{"source":["x"]}""" }))
            .Status.Should().Be(501);
    }

    [Fact]
    public async Task The_end_of_a_Glue_run_is_an_event()
    {
        var queue = await _gateway.CreateQueueAsync("run-ended");
        await PutRuleAsync(
            "run-ended",
            """{"source":["aws.glue"],"detail":{"jobName":["without-script"],"state":["FAILED"]}}""",
            queue);
        await _gateway.JsonAsync("glue", "AWSGlue.CreateJob", new JsonObject
        {
            ["Name"] = "without-script",
            ["Role"] = "r",
            ["Command"] = new JsonObject { ["Name"] = "glueetl", ["ScriptLocation"] = "s3://no-such-bucket/job.py" },
        });
        var (_, run) = await _gateway.JsonAsync("glue", "AWSGlue.StartJobRun", new JsonObject { ["JobName"] = "without-script" });
        var @event = JsonNode.Parse((await _gateway.NextMessageAsync("run-ended"))["Body"]!.GetValue<string>())!;
        @event["detail"]!["jobRunId"]!.GetValue<string>().Should().Be(run["JobRunId"]!.GetValue<string>());
        @event["detail"]!["severity"]!.GetValue<string>().Should().Be("ERROR");
    }

    [Fact]
    public async Task A_topic_delivers_to_queues_and_functions_in_SNSs_envelope_or_raw_by_filter()
    {
        var (_, created) = await _gateway.QueryAsync("sns", "CreateTopic", ("Name", "fans-out"));
        var topic = System.Text.RegularExpressions.Regex.Match(created, "<TopicArn>(.+?)</TopicArn>").Groups[1].Value;
        var wrapped = await _gateway.CreateQueueAsync("fan-wrapped");
        var raw = await _gateway.CreateQueueAsync("fan-raw");
        var function = await _gateway.CreateFunctionAsync("fan-function", GatewayFunctions.Hears);
        await _gateway.PermitAsync("fan-function", "sns.amazonaws.com", topic);
        await SubscribeAsync(topic, "sqs", wrapped);
        await SubscribeAsync(
            topic,
            "sqs",
            raw,
            ("Attributes.entry.1.key", "RawMessageDelivery"),
            ("Attributes.entry.1.value", "true"),
            ("Attributes.entry.2.key", "FilterPolicy"),
            ("Attributes.entry.2.value", """{"kind":[{"prefix":"b"}]}"""));
        await SubscribeAsync(topic, "lambda", function);
        await PublishAsync(topic, "one", "a");
        await PublishAsync(topic, "two", "b");

        var envelope = JsonNode.Parse((await _gateway.NextMessageAsync("fan-wrapped"))["Body"]!.GetValue<string>())!;
        (envelope["Type"]!.GetValue<string>(), envelope["Message"]!.GetValue<string>()).Should().Be(("Notification", "one"));
        (await _gateway.NextMessageAsync("fan-raw"))["Body"]!.GetValue<string>().Should().Be("two");
        (await _gateway.FunctionLogAsync("fan-function", "\"Message\":\"two\"")).Should().Contain("\"EventSource\":\"aws:sns\"");
    }

    [Fact]
    public async Task Dead_letters_are_moved_back_to_the_queue_that_they_came_from()
    {
        var dead = await _gateway.CreateQueueAsync("moved-dead");
        await _gateway.CreateQueueAsync("moved", new JsonObject
        {
            ["RedrivePolicy"] = $$"""{"deadLetterTargetArn":"{{dead}}","maxReceiveCount":2}""",
        });
        await _gateway.SendMessageAsync("moved-dead", "once more");
        (await _gateway.JsonAsync("sqs", "AmazonSQS.StartMessageMoveTask", new JsonObject { ["SourceArn"] = dead }))
            .Status.Should().Be(200);
        (await _gateway.NextMessageAsync("moved"))["Body"]!.GetValue<string>().Should().Be("once more");
        await Eventually.TrueAsync("the task is completed", async () =>
        {
            var (_, body) = await _gateway.JsonAsync("sqs", "AmazonSQS.ListMessageMoveTasks", new JsonObject { ["SourceArn"] = dead });
            return (body["Results"]![0]!["Status"]!.GetValue<string>() == "COMPLETED", body.ToJsonString());
        });
        (await _gateway.JsonAsync(
            "sqs", "AmazonSQS.StartMessageMoveTask", new JsonObject { ["SourceArn"] = GatewayQueues.QueueArn("moved") }))
            .Status.Should().Be(400);
    }

    [Fact]
    public async Task A_dead_letter_queue_says_whose_it_is()
    {
        var allows = $$"""{"redrivePermission":"byQueue","sourceQueueArns":["{{GatewayQueues.QueueArn("its-own")}}"]}""";
        var dead = await _gateway.CreateQueueAsync("owned-dead", new JsonObject { ["RedriveAllowPolicy"] = allows });
        var attributes = new JsonObject { ["RedrivePolicy"] = $$"""{"deadLetterTargetArn":"{{dead}}","maxReceiveCount":2}""" };
        await _gateway.CreateQueueAsync("its-own", (JsonObject)attributes.DeepClone());
        var input = new JsonObject { ["QueueName"] = "not-its-own", ["Attributes"] = attributes.DeepClone() };
        (await _gateway.JsonAsync("sqs", "AmazonSQS.CreateQueue", input)).Status.Should().Be(400);
        (await AttributeAsync("owned-dead", "RedriveAllowPolicy")).Should().Be(allows);
        (await AttributeAsync("its-own", "RedrivePolicy")).Should().Be(attributes["RedrivePolicy"]!.GetValue<string>());

        async Task<string> AttributeAsync(string queue, string name)
        {
            var (_, body) = await _gateway.JsonAsync(
                "sqs", "AmazonSQS.GetQueueAttributes", new JsonObject { ["QueueUrl"] = queue, ["AttributeNames"] = new JsonArray("All") });
            return body["Attributes"]![name]!.GetValue<string>();
        }
    }

    [Fact]
    public async Task A_synchronous_call_beyond_the_reserved_concurrency_is_throttled()
    {
        var entered = Path.Combine(_gateway.Home, "busy.entered");
        var gate = Path.Combine(_gateway.Home, "busy.gate");
        await _gateway.CreateFunctionAsync(
            "busy",
            """
            handle() {
              touch "$ENTERED"
              while [[ ! -e $GATE ]]; do sleep 0.05; done
              curl -sS -d '{}' "$api/invocation/$id/response"
            }
            """,
            new JsonObject { ["ENTERED"] = entered, ["GATE"] = gate },
            timeout: 60);
        await _gateway.RestAsync(
            HttpMethod.Put, "/2017-10-31/functions/busy/concurrency", new JsonObject { ["ReservedConcurrentExecutions"] = 1 });
        var first = _gateway.RestAsync(HttpMethod.Post, "/2015-03-31/functions/busy/invocations", []);
        await Eventually.TrueAsync("the first call is at work", () => Task.FromResult((File.Exists(entered), (object?)entered)));
        var (status, body) = await _gateway.RestAsync(HttpMethod.Post, "/2015-03-31/functions/busy/invocations", []);
        (status, body["__type"]!.GetValue<string>()).Should().Be((429, "TooManyRequestsException"));
        await File.WriteAllTextAsync(gate, "");
        (await first).Status.Should().Be(200);
    }

    [Theory]
    [InlineData("time-out", "sleep 600", "Task timed out after 1.00 seconds", "Status: timeout")]
    [InlineData("exit", "exit 3", "Runtime exited with error: exit status 3", "Status: error")]
    [InlineData("crash", "kill -SEGV $$", "Runtime exited with error: signal: segmentation fault", "Status: error")]
    [InlineData("memory", "x=$(head -c 400000000 /dev/zero | tr '\\0' x)", "Runtime exited with error: signal: killed", "Status: error")]
    public async Task What_ends_a_function_is_in_its_answer_and_in_its_log(string name, string command, string reason, string status)
    {
        await _gateway.CreateFunctionAsync("ends-" + name, $"handle() {{ {command}; }}", timeout: name == "time-out" ? 1 : 60);
        var (_, body) = await _gateway.RestAsync(HttpMethod.Post, $"/2015-03-31/functions/ends-{name}/invocations", []);
        body["errorMessage"]!.GetValue<string>().Should().EndWith(reason);
        var log = await _gateway.FunctionLogAsync("ends-" + name, status);
        log.Should().Contain(reason).And.Contain("Max Memory Used:").And.Contain("Billed Duration:");
    }

    private async Task MapAsync(string function, string queue, JsonObject settings)
    {
        (settings["FunctionName"], settings["EventSourceArn"]) = (function, queue);
        var (status, body) = await _gateway.RestAsync(HttpMethod.Post, "/2015-03-31/event-source-mappings/", settings);
        status.Should().Be(202, body.ToJsonString());
        var uuid = body["UUID"]!.GetValue<string>();
        (await _gateway.RestAsync(HttpMethod.Get, $"/2015-03-31/event-source-mappings/{uuid}")).Body["State"]!.GetValue<string>()
            .Should().Be("Enabled");
    }

    private async Task InvokeLaterAsync(string function, string payload)
    {
        using var invoke = new HttpRequestMessage(HttpMethod.Post, $"/2015-03-31/functions/{function}/invocations")
        {
            Content = new StringContent(payload),
        };
        invoke.Headers.Add("X-Amz-Invocation-Type", "Event");
        (await _gateway.SendAsync(invoke, "lambda")).Status.Should().Be(202);
    }

    private async Task<string> NotifyAsync(string bucket, string configurations, int expected = 200)
    {
        using var put = new HttpRequestMessage(HttpMethod.Put, $"/{bucket}?notification")
        {
            Content = new StringContent($"<NotificationConfiguration>{configurations}</NotificationConfiguration>"),
        };
        var (status, body) = await _gateway.SendAsync(put, "s3");
        status.Should().Be(expected, body.ToJsonString());
        return body.ToJsonString();
    }

    private async Task<string> PutRuleAsync(string name, string pattern, string targetArn, JsonObject? deadLetter = null)
    {
        var (status, body) = await _gateway.JsonAsync(
            "events", "AWSEvents.PutRule", new JsonObject { ["Name"] = name, ["EventPattern"] = pattern });
        status.Should().Be(200, body.ToJsonString());
        var target = new JsonObject { ["Id"] = "t", ["Arn"] = targetArn };
        if (deadLetter is not null)
        {
            target["DeadLetterConfig"] = deadLetter;
        }

        var put = await _gateway.JsonAsync(
            "events", "AWSEvents.PutTargets", new JsonObject { ["Rule"] = name, ["Targets"] = new JsonArray(target) });
        put.Status.Should().Be(200, put.Body.ToJsonString());
        return body["RuleArn"]!.GetValue<string>();
    }

    private async Task PutEventAsync(string source, string detail)
    {
        var entry = new JsonObject { ["Source"] = source, ["DetailType"] = "test", ["Detail"] = detail };
        (await _gateway.JsonAsync("events", "AWSEvents.PutEvents", new JsonObject { ["Entries"] = new JsonArray(entry) }))
            .Status.Should().Be(200);
    }

    private async Task SubscribeAsync(string topic, string protocol, string endpoint, params (string Name, string Value)[] attributes)
    {
        var (status, body) = await _gateway.QueryAsync(
            "sns", "Subscribe", [("TopicArn", topic), ("Protocol", protocol), ("Endpoint", endpoint), .. attributes]);
        status.Should().Be(200, body);
    }

    private async Task PublishAsync(string topic, string message, string kind)
    {
        var (status, body) = await _gateway.QueryAsync(
            "sns",
            "Publish",
            ("TopicArn", topic),
            ("Message", message),
            ("MessageAttributes.entry.1.Name", "kind"),
            ("MessageAttributes.entry.1.Value.DataType", "String"),
            ("MessageAttributes.entry.1.Value.StringValue", kind));
        status.Should().Be(200, body);
    }
}
