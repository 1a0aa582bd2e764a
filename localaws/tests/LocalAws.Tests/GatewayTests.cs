using System.Text;
using System.Text.Json.Nodes;
using LocalAws.Tests.Harness;

namespace LocalAws.Tests;

[Collection(GatewayCollection.Name)]
public sealed class GatewayTests(SharedGateway shared)
{
    /// <summary>Runs until the file exists that the argument names.</summary>
    private const string WaitsForGate =
        "import os, sys, time\ngate = sys.argv[sys.argv.index('--gate') + 1]\nwhile not os.path.exists(gate):\n    time.sleep(0.05)\n";

    private readonly Gateway _gateway = shared.Gateway;

    [Theory]
    [InlineData("dms", "AmazonDMSv20160101.DescribeSchemas", "dms:DescribeSchemas")]
    [InlineData("glue", "AWSGlue.CreateCrawler", "glue:CreateCrawler")]
    [InlineData("athena", "AmazonAthena.CreateNotebook", "athena:CreateNotebook")]
    public async Task What_is_not_implemented_answers_501_with_its_name(string service, string target, string name)
    {
        var (status, body) = await _gateway.JsonAsync(service, target, []);
        status.Should().Be(501);
        body["message"]!.GetValue<string>().Should().Contain(name);
    }

    [Fact]
    public async Task A_job_run_is_the_scripts_own_process_and_one_works_while_one_waits()
    {
        await CreateJobAsync("prints", "import sys\nprint('arguments', sys.argv[1:])\n" + WaitsForGate);
        var gate = Path.Combine(_gateway.Home, "prints.gate");
        var first = await StartRunAsync("prints", new JsonObject { ["--given"] = "value", ["--gate"] = gate });
        var second = await StartRunAsync("prints", new JsonObject { ["--gate"] = gate });
        (await RunAsync("prints", second))["JobRunState"]!.GetValue<string>().Should().Be("WAITING");
        await File.WriteAllTextAsync(gate, "");
        (await OverAsync("prints", first))["JobRunState"]!.GetValue<string>().Should().Be("SUCCEEDED");
        (await OverAsync("prints", second))["JobRunState"]!.GetValue<string>().Should().Be("SUCCEEDED");
        await Eventually.TrueAsync("the run's output is in CloudWatch Logs", async () =>
        {
            var (_, body) = await _gateway.JsonAsync(
                "logs",
                "Logs_20140328.GetLogEvents",
                new JsonObject { ["logGroupName"] = "/aws-glue/jobs/output", ["logStreamName"] = first });
            return (body.ToJsonString().Contains("--given", StringComparison.Ordinal), body.ToJsonString());
        });
    }

    [Fact]
    public async Task A_run_logs_to_the_groups_that_it_is_given_and_hands_their_prefix_to_no_script()
    {
        await CreateJobAsync("logs", "import sys\nprint('arguments', sys.argv[1:])\n");
        var run = await StartRunAsync("logs", new JsonObject { ["--custom-logGroup-prefix"] = "/aws-glue/mine", ["--given"] = "value" });
        (await OverAsync("logs", run))["LogGroupName"]!.GetValue<string>().Should().Be("/aws-glue/mine");
        await Eventually.TrueAsync("the run's output is in its own group", async () =>
        {
            var (_, body) = await _gateway.JsonAsync(
                "logs",
                "Logs_20140328.GetLogEvents",
                new JsonObject { ["logGroupName"] = "/aws-glue/mine/output", ["logStreamName"] = run });
            var text = body.ToJsonString();
            var isRight = text.Contains("--given", StringComparison.Ordinal) && !text.Contains("logGroup-prefix", StringComparison.Ordinal);
            return (isRight, text);
        });
    }

    [Fact]
    public async Task A_script_that_throws_fails_its_run_with_the_exceptions_message()
    {
        await CreateJobAsync("throws", "raise ValueError('the table is upside down')\n");
        var run = await OverAsync("throws", await StartRunAsync("throws", []));
        run["JobRunState"]!.GetValue<string>().Should().Be("FAILED");
        run["ErrorMessage"]!.GetValue<string>().Should().Be("ValueError: the table is upside down");
    }

    [Fact]
    public async Task Without_queuing_a_second_run_is_refused()
    {
        await CreateJobAsync("single", WaitsForGate, queues: false);
        var gate = Path.Combine(_gateway.Home, "single.gate");
        var first = await StartRunAsync("single", new JsonObject { ["--gate"] = gate });
        var (status, body) = await _gateway.JsonAsync("glue", "AWSGlue.StartJobRun", new JsonObject { ["JobName"] = "single" });
        status.Should().Be(400);
        body["__type"]!.GetValue<string>().Should().Be("ConcurrentRunsExceededException");
        await File.WriteAllTextAsync(gate, "");
        await OverAsync("single", first);
    }

    [Fact]
    public async Task A_run_that_is_stopped_ends_its_process_and_leaves_no_folder()
    {
        await CreateJobAsync("stops", WaitsForGate);
        var run = await StartRunAsync("stops", new JsonObject { ["--gate"] = Path.Combine(_gateway.Home, "never.gate") });
        await Eventually.TrueAsync("the run works", async () =>
        {
            var health = await _gateway.Client.GetStringAsync("/_localaws/health");
            return (health.Contains("glue stops", StringComparison.Ordinal), health);
        });
        await _gateway.JsonAsync(
            "glue", "AWSGlue.BatchStopJobRun", new JsonObject { ["JobName"] = "stops", ["JobRunIds"] = new JsonArray(run) });
        (await OverAsync("stops", run))["JobRunState"]!.GetValue<string>().Should().Be("STOPPED");
        (await _gateway.Client.GetStringAsync("/_localaws/health")).Should().NotContain("glue stops");
        await Eventually.TrueAsync(
            "the run's folder is gone",
            () => Task.FromResult((!Directory.Exists(Path.Combine(_gateway.Home, "glue", run[..19])), (object?)run)));
    }

    [Fact]
    public async Task A_run_whose_process_is_killed_is_failed_with_the_exit_code()
    {
        await CreateJobAsync("dies", WaitsForGate);
        var run = await StartRunAsync("dies", new JsonObject { ["--gate"] = Path.Combine(_gateway.Home, "never.gate") });
        var ids = await Eventually.BecomesAsync(
            "the run works", () => _gateway.ProcessesAsync($"glue dies {run}"), seen => seen.Count == 1);
        using (var process = System.Diagnostics.Process.GetProcessById(ids[0]))
        {
            process.Kill();
        }

        var over = await OverAsync("dies", run);
        over["JobRunState"]!.GetValue<string>().Should().Be("FAILED");
        over["ErrorMessage"]!.GetValue<string>().Should().Be("Command Failed with Exit Code 137");
    }

    [Fact]
    public async Task A_job_that_is_deleted_ends_its_run_and_starts_none_that_waits()
    {
        await CreateJobAsync("deleted", WaitsForGate);
        var never = new JsonObject { ["--gate"] = Path.Combine(_gateway.Home, "never.gate") };
        await StartRunAsync("deleted", (JsonObject)never.DeepClone());
        await StartRunAsync("deleted", never);

        await _gateway.JsonAsync("glue", "AWSGlue.DeleteJob", new JsonObject { ["JobName"] = "deleted" });

        (await _gateway.JsonAsync("glue", "AWSGlue.StartJobRun", new JsonObject { ["JobName"] = "deleted" })).Body["__type"]!
            .GetValue<string>().Should().Be("EntityNotFoundException");
        // Whether the first run had a process yet or not: in the end there is none, and no folder.
        await Eventually.TrueAsync("nothing of the job is left", async () =>
        {
            var health = await _gateway.Client.GetStringAsync("/_localaws/health");
            var folders = Path.Combine(_gateway.Home, "glue");
            var left = Directory.Exists(folders) ? Directory.GetDirectories(folders) : [];
            return (!health.Contains("glue deleted", StringComparison.Ordinal) && left.Length == 0, (health, left.Length));
        });
    }

    [Fact]
    public async Task Runs_are_listed_and_stopped_while_others_start()
    {
        // Fails at once: the list of its runs grows as fast as it can.
        await CreateJobAsync("grows", "raise SystemExit(1)\n", queues: true);
        for (var round = 0; round < 20; round++)
        {
            var answers = await Task.WhenAll(Enumerable.Range(0, 5).SelectMany(_ => new[]
            {
                _gateway.JsonAsync("glue", "AWSGlue.StartJobRun", new JsonObject { ["JobName"] = "grows" }),
                _gateway.JsonAsync("glue", "AWSGlue.GetJobRuns", new JsonObject { ["JobName"] = "grows" }),
                _gateway.JsonAsync(
                    "glue", "AWSGlue.BatchStopJobRun", new JsonObject { ["JobName"] = "grows", ["JobRunIds"] = new JsonArray("jr_none") }),
            }));
            answers.Should().OnlyContain(answer => answer.Status == 200);
        }

        await _gateway.JsonAsync("glue", "AWSGlue.DeleteJob", new JsonObject { ["JobName"] = "grows" });
    }

    [Fact]
    public async Task A_stale_update_of_a_catalog_table_is_refused()
    {
        await _gateway.JsonAsync(
            "glue", "AWSGlue.CreateDatabase", new JsonObject { ["DatabaseInput"] = new JsonObject { ["Name"] = "d" } });
        await _gateway.JsonAsync(
            "glue", "AWSGlue.CreateTable", new JsonObject { ["DatabaseName"] = "d", ["TableInput"] = new JsonObject { ["Name"] = "t" } });
        var (_, found) = await _gateway.JsonAsync("glue", "AWSGlue.GetTable", new JsonObject { ["DatabaseName"] = "d", ["Name"] = "t" });
        var version = found["Table"]!["VersionId"]!.GetValue<string>();
        JsonObject Update() => new()
        {
            ["DatabaseName"] = "d",
            ["TableInput"] = new JsonObject { ["Name"] = "t" },
            ["VersionId"] = version,
        };
        (await _gateway.JsonAsync("glue", "AWSGlue.UpdateTable", Update())).Status.Should().Be(200);
        var (status, body) = await _gateway.JsonAsync("glue", "AWSGlue.UpdateTable", Update());
        status.Should().Be(400);
        body["__type"]!.GetValue<string>().Should().Be("ConcurrentModificationException");
    }

    [Fact]
    public async Task An_object_of_many_megabytes_is_stored_whole_and_leaves_no_copy()
    {
        var bytes = new byte[9_000_001];
        new Random(1).NextBytes(bytes);

        await _gateway.PutAsync("large", "k", bytes);

        using var get = new HttpRequestMessage(HttpMethod.Get, "/large/k");
        get.Headers.TryAddWithoutValidation(
            "Authorization", "AWS4-HMAC-SHA256 Credential=test/20260101/us-east-1/s3/aws4_request, SignedHeaders=host, Signature=0");
        using var answer = await _gateway.Client.SendAsync(get);
        (await answer.Content.ReadAsByteArrayAsync()).AsSpan().SequenceEqual(bytes).Should().BeTrue();
        await Eventually.BecomesAsync(
            "the copy is gone",
            () => Task.FromResult(Directory.GetFiles(Path.Combine(_gateway.Home, "uploads")).Length),
            seen => seen == 0);
    }

    [Theory]
    [InlineData("retention", "s3:PutObjectRetention")]
    [InlineData("legal-hold", "s3:PutObjectLegalHold")]
    [InlineData("invented", "s3:PUT ?invented")]
    public async Task A_sub_resource_of_an_object_that_is_not_there_leaves_the_object_alone(string subResource, string name)
    {
        await _gateway.PutAsync("held", "k", "data"u8.ToArray());
        using var put = new HttpRequestMessage(HttpMethod.Put, $"/held/k?{subResource}") { Content = new StringContent("<Document/>") };
        var (status, body) = await _gateway.SendAsync(put, "s3");
        status.Should().Be(501);
        body["text"]!.GetValue<string>().Should().Contain(name);
        using var get = new HttpRequestMessage(HttpMethod.Get, "/held/k");
        (await _gateway.SendAsync(get, "s3")).Body["text"]!.GetValue<string>().Should().Be("data");
    }

    [Fact]
    public async Task A_bucket_policy_is_kept_and_shown_as_it_was_put()
    {
        await _gateway.PutAsync("with-policy", "k", "v"u8.ToArray());
        const string Policy = """{"Version":"2012-10-17","Statement":[]}""";
        using var absent = new HttpRequestMessage(HttpMethod.Get, "/with-policy?policy");
        (await _gateway.SendAsync(absent, "s3")).Body["text"]!.GetValue<string>().Should().Contain("NoSuchBucketPolicy");
        using var put = new HttpRequestMessage(HttpMethod.Put, "/with-policy?policy")
        {
            Content = new StringContent(Policy, Encoding.UTF8),
        };
        (await _gateway.SendAsync(put, "s3")).Status.Should().Be(204);
        using var get = new HttpRequestMessage(HttpMethod.Get, "/with-policy?policy");
        (await _gateway.SendAsync(get, "s3")).Body.ToJsonString().Should().Be(Policy);
    }

    [Fact]
    public async Task A_notification_to_a_function_that_S3_may_not_invoke_is_refused()
    {
        await _gateway.PutAsync("rings", "k", "v"u8.ToArray());
        const string Configuration = """
            <NotificationConfiguration><CloudFunctionConfiguration>
              <CloudFunction>arn:aws:lambda:us-east-1:123456789012:function:none</CloudFunction><Event>s3:ObjectCreated:*</Event>
            </CloudFunctionConfiguration></NotificationConfiguration>
            """;
        using var put = new HttpRequestMessage(HttpMethod.Put, "/rings?notification")
        {
            Content = new StringContent(Configuration, Encoding.UTF8),
        };
        var (status, body) = await _gateway.SendAsync(put, "s3");
        status.Should().Be(400);
        body["text"]!.GetValue<string>().Should().Contain("Unable to validate the following destination configurations");
    }

    private async Task CreateJobAsync(string name, string script, bool queues = true)
    {
        await _gateway.PutAsync("scripts", $"{name}.py", Encoding.UTF8.GetBytes(script));
        var (status, _) = await _gateway.JsonAsync("glue", "AWSGlue.CreateJob", new JsonObject
        {
            ["Name"] = name,
            ["Role"] = "r",
            ["Command"] = new JsonObject { ["Name"] = "glueetl", ["ScriptLocation"] = $"s3://scripts/{name}.py" },
            ["JobRunQueuingEnabled"] = queues,
        });
        status.Should().Be(200);
    }

    private async Task<string> StartRunAsync(string job, JsonObject arguments)
    {
        var (_, body) = await _gateway.JsonAsync(
            "glue", "AWSGlue.StartJobRun", new JsonObject { ["JobName"] = job, ["Arguments"] = arguments });
        return body["JobRunId"]!.GetValue<string>();
    }

    private async Task<JsonObject> RunAsync(string job, string run)
    {
        var (_, body) = await _gateway.JsonAsync("glue", "AWSGlue.GetJobRun", new JsonObject { ["JobName"] = job, ["RunId"] = run });
        return (JsonObject)body["JobRun"]!;
    }

    private async Task<JsonObject> OverAsync(string job, string run)
    {
        JsonObject last = [];
        await Eventually.TrueAsync($"run {run} of {job} is over", async () =>
        {
            last = await RunAsync(job, run);
            return (last["CompletedOn"] is not null, last.ToJsonString());
        });
        return last;
    }
}
