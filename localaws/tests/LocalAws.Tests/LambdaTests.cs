using System.Text;
using System.Text.Json.Nodes;
using LocalAws.Tests.Harness;

namespace LocalAws.Tests;

/// <summary>
/// Functions whose bootstrap is a shell script that speaks the Runtime API with curl: nothing of ours is on the other side.
/// </summary>
[Collection(GatewayCollection.Name)]
public sealed class LambdaTests(SharedGateway shared)
{
    private readonly Gateway _gateway = shared.Gateway;

    [Fact]
    public async Task The_deployed_bootstrap_answers_with_its_own_environment_and_no_other()
    {
        await CreateAsync(
            "echoes",
            """
            handle() {
              body="{\"event\":$event,\"given\":\"$GIVEN\",\"home\":\"$HOME\",\"name\":\"$AWS_LAMBDA_FUNCTION_NAME\"}"
              curl -sS -d "$body" "$api/invocation/$id/response"
            }
            """,
            new JsonObject { ["GIVEN"] = "yes" });
        var (error, body) = await InvokeAsync("echoes", """{"n":1}""");
        error.Should().BeNull();
        body["event"]!["n"]!.GetValue<int>().Should().Be(1);
        body["given"]!.GetValue<string>().Should().Be("yes");
        body["name"]!.GetValue<string>().Should().Be("echoes");
        // The gateway's own environment must not reach a function.
        body["home"]!.GetValue<string>().Should().BeEmpty();
    }

    [Fact]
    public async Task A_reported_error_is_an_unhandled_function_error()
    {
        await CreateAsync(
            "fails",
            """
            handle() {
              body='{"errorType":"Test","errorMessage":"on purpose"}'
              curl -sS -H 'Lambda-Runtime-Function-Error-Type: Test.Reason' -d "$body" "$api/invocation/$id/error"
            }
            """);
        var (error, body) = await InvokeAsync("fails", "{}");
        error.Should().Be("Unhandled");
        body["errorMessage"]!.GetValue<string>().Should().Be("on purpose");
    }

    [Fact]
    public async Task A_process_that_exits_is_a_runtime_exit_error_and_the_next_event_finds_a_new_one()
    {
        await CreateAsync(
            "exits",
            """handle() { if [[ $event == *die* ]]; then exit 3; fi; curl -sS -d '{"alive":true}' "$api/invocation/$id/response"; }""");
        var (error, body) = await InvokeAsync("exits", """{"die":1}""");
        error.Should().Be("Unhandled");
        body["errorType"]!.GetValue<string>().Should().Be("Runtime.ExitError");
        body["errorMessage"]!.GetValue<string>().Should().Contain("exit status 3");
        (await InvokeAsync("exits", "{}")).Body["alive"]!.GetValue<bool>().Should().BeTrue();
    }

    [Fact]
    public async Task A_process_that_is_killed_at_work_fails_its_event_says_so_in_the_log_and_the_next_event_finds_a_new_one()
    {
        var entered = Path.Combine(_gateway.Home, "struck.entered");
        await CreateAsync(
            "struck",
            """
            handle() {
              if [[ $event == *wait* ]]; then echo "waits in $$" >&2; echo $$ >"$ENTERED.next"; mv "$ENTERED.next" "$ENTERED"; sleep 600; fi
              curl -sS -d "{\"process\":$$}" "$api/invocation/$id/response"
            }
            """,
            new JsonObject { ["ENTERED"] = entered },
            timeout: 60);
        var inFlight = InvokeAsync("struck", """{"wait":1}""");
        await Eventually.TrueAsync("the event is at work", () => Task.FromResult((File.Exists(entered), (object?)entered)));
        var id = int.Parse(await File.ReadAllTextAsync(entered), System.Globalization.CultureInfo.InvariantCulture);
        using (var process = System.Diagnostics.Process.GetProcessById(id))
        {
            process.Kill(entireProcessTree: true);
        }

        var (error, body) = await inFlight;

        error.Should().Be("Unhandled");
        body["errorType"]!.GetValue<string>().Should().Be("Runtime.ExitError");
        body["errorMessage"]!.GetValue<string>().Should().EndWith("Error: Runtime exited with error: signal: killed");
        (await LogAsync("struck", body["errorMessage"]!.GetValue<string>())).Should()
            .Contain($"waits in {id}").And.Contain("START RequestId").And.Contain("END RequestId");
        (await InvokeAsync("struck", "{}")).Body["process"]!.GetValue<int>().Should().NotBe(id);
    }

    [Fact]
    public async Task A_function_is_killed_at_its_deadline()
    {
        var started = Path.Combine(_gateway.Home, "hangs.pids");
        await CreateAsync(
            "hangs", """handle() { sleep 600 & echo "$$ $!" > "$STARTED"; wait; }""", new JsonObject { ["STARTED"] = started }, timeout: 1);
        var (error, body) = await InvokeAsync("hangs", "{}");
        error.Should().Be("Unhandled");
        body["errorType"]!.GetValue<string>().Should().Be("Sandbox.Timedout");
        body["errorMessage"]!.GetValue<string>().Should().Contain("Task timed out after 1.00 seconds");
        foreach (var id in (await File.ReadAllTextAsync(started)).Split(' ').Select(id => id.Trim()))
        {
            await Eventually.TrueAsync($"process {id} of the function is gone", () => Task.FromResult((!IsRunning(id), (object?)id)));
        }
    }

    [Fact]
    public async Task The_reserved_concurrency_holds_from_the_next_event_on()
    {
        await CreateAsync("reserved", """handle() { curl -sS -d '{}' "$api/invocation/$id/response"; }""");
        (await InvokeAsync("reserved", "{}")).Error.Should().BeNull();
        (await ReserveAsync("reserved", 0)).Should().Be(200);
        (await InvokeAsync("reserved", "{}")).Body["__type"]!.GetValue<string>().Should().Be("TooManyRequestsException");
        (await ReserveAsync("reserved", 1)).Should().Be(200);
        (await InvokeAsync("reserved", "{}")).Body.Should().BeEmpty();
        using var get = new HttpRequestMessage(HttpMethod.Get, "/2015-03-31/functions/reserved");
        (await _gateway.SendAsync(get, "lambda")).Body["Concurrency"]!["ReservedConcurrentExecutions"]!.GetValue<int>().Should().Be(1);
    }

    [Fact]
    public async Task A_function_that_was_created_again_under_an_event_answers_with_its_own_code()
    {
        var gate = Path.Combine(_gateway.Home, "replaced.gate");
        var entered = Path.Combine(_gateway.Home, "replaced.entered");
        await CreateAsync(
            "replaced",
            """
            handle() {
              touch "$ENTERED"
              while [[ ! -e $GATE ]]; do sleep 0.05; done
              curl -sS -d '{"code":"old"}' "$api/invocation/$id/response"
            }
            """,
            new JsonObject { ["GATE"] = gate, ["ENTERED"] = entered },
            timeout: 60);
        var inFlight = InvokeAsync("replaced", "{}");
        await Eventually.TrueAsync("the event is at work", () => Task.FromResult((File.Exists(entered), (object?)entered)));

        using var delete = new HttpRequestMessage(HttpMethod.Delete, "/2015-03-31/functions/replaced");
        (await _gateway.SendAsync(delete, "lambda")).Status.Should().Be(204);
        await CreateAsync("replaced", """handle() { curl -sS -d '{"code":"new"}' "$api/invocation/$id/response"; }""");
        await File.WriteAllTextAsync(gate, "");

        (await inFlight).Body["code"]!.GetValue<string>().Should().Be("old");
        (await InvokeAsync("replaced", "{}")).Body["code"]!.GetValue<string>().Should().Be("new");
    }

    [Fact]
    public async Task An_object_whose_writer_went_away_is_announced_too()
    {
        const string Bucket = "abandoned";
        const int LatestLeave = 25; // milliseconds
        await ListenAsync("hears", Bucket, "s3:ObjectCreated:*");
        var (attempt, left) = (0, "");
        await Eventually.TrueAsync("an object is stored though nobody waited for the answer", async () =>
        {
            left = $"left-{++attempt}.parquet";
            bool wasAnswered;
            using (var client = new System.Net.Sockets.TcpClient())
            {
                await client.ConnectAsync(System.Net.IPAddress.Loopback, _gateway.Port);
                await client.GetStream().WriteAsync(Encoding.ASCII.GetBytes(
                    $"PUT /{Bucket}/{left} HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 1\r\n"
                    + "Authorization: AWS4-HMAC-SHA256 Credential=test/20260101/us-east-1/s3/aws4_request, SignedHeaders=host, "
                    + "Signature=0\r\n\r\nx"));
                // Who leaves at once may leave before the body is read, who stays gets the answer: every attempt leaves a little later.
                await Task.Delay(attempt % LatestLeave);
                wasAnswered = client.Available > 0;
            }

            using var head = new HttpRequestMessage(HttpMethod.Head, $"/{Bucket}/{left}");
            var (status, _) = await _gateway.SendAsync(head, "s3");
            return (status == 200 && !wasAnswered, (status, wasAnswered));
        });
        await LogAsync("hears", left);
    }

    [Fact]
    public async Task Objects_made_of_parts_and_removed_ones_are_announced()
    {
        const string Bucket = "announces";
        await ListenAsync("hears-all", Bucket, "s3:ObjectCreated:CompleteMultipartUpload", "<Event>s3:ObjectRemoved:Delete</Event>");
        var upload = System.Text.RegularExpressions.Regex.Match(
            await S3Async(HttpMethod.Post, "/announces/parts.bin?uploads", ""), "<UploadId>(.+?)</UploadId>").Groups[1].Value;
        await S3Async(HttpMethod.Put, $"/announces/parts.bin?partNumber=1&uploadId={upload}", "0123456789");
        var tag = System.Text.RegularExpressions.Regex.Match(
            await S3Async(HttpMethod.Get, $"/announces/parts.bin?uploadId={upload}", ""), "<ETag>(.+?)</ETag>").Groups[1].Value;
        await S3Async(
            HttpMethod.Post,
            $"/announces/parts.bin?uploadId={upload}",
            $"<CompleteMultipartUpload><Part><PartNumber>1</PartNumber><ETag>{tag}</ETag></Part></CompleteMultipartUpload>");
        (await LogAsync("hears-all", "parts.bin")).Should().Contain("ObjectCreated:CompleteMultipartUpload").And.Contain("\"size\":10");

        await S3Async(HttpMethod.Post, "/announces?delete", "<Delete><Object><Key>parts.bin</Key></Object></Delete>");
        await LogAsync("hears-all", "ObjectRemoved:Delete");
    }

    [Fact]
    public async Task An_object_that_matches_the_notification_invokes_the_function_and_its_lines_are_in_the_log()
    {
        const string Bucket = "notifies";
        await ListenAsync(
            "listens",
            Bucket,
            "s3:ObjectCreated:*",
            "<Filter><S3Key><FilterRule><Name>suffix</Name><Value>.parquet</Value></FilterRule></S3Key></Filter>");
        await _gateway.PutAsync(Bucket, "ignored.csv", "x"u8.ToArray());
        await _gateway.PutAsync(Bucket, "a%20b.parquet", "x"u8.ToArray());
        var log = await LogAsync("listens", "a+b.parquet");
        log.Should().NotContain("ignored.csv");
        log.Should().Contain("START RequestId").And.Contain("REPORT RequestId");
    }

    /// <summary>A function that repeats its events in its log, and a bucket that sends them to it.</summary>
    private async Task ListenAsync(string function, string bucket, string happening, string more = "")
    {
        var arn = await CreateAsync(function, """handle() { echo "heard $event" >&2; curl -sS -d '{}' "$api/invocation/$id/response"; }""");
        await _gateway.PutAsync(bucket, "before", "x"u8.ToArray());
        using var permit = new HttpRequestMessage(HttpMethod.Post, $"/2015-03-31/functions/{function}/policy")
        {
            Content = Json(
                new JsonObject
                {
                    ["StatementId"] = "s3",
                    ["Action"] = "lambda:InvokeFunction",
                    ["Principal"] = "s3.amazonaws.com",
                    ["SourceArn"] = $"arn:aws:s3:::{bucket}",
                }),
        };
        (await _gateway.SendAsync(permit, "lambda")).Status.Should().Be(201);
        var configuration = $"""
            <NotificationConfiguration><CloudFunctionConfiguration>
              <CloudFunction>{arn}</CloudFunction><Event>{happening}</Event>{more}
            </CloudFunctionConfiguration></NotificationConfiguration>
            """;
        await S3Async(HttpMethod.Put, $"/{bucket}?notification", configuration);
    }

    private async Task<string> S3Async(HttpMethod method, string target, string body)
    {
        using var request = new HttpRequestMessage(method, target) { Content = new StringContent(body) };
        var (status, answer) = await _gateway.SendAsync(request, "s3");
        status.Should().Be(200, answer.ToJsonString());
        return answer["text"]?.GetValue<string>() ?? "";
    }

    private async Task<int> ReserveAsync(string name, int concurrency)
    {
        using var put = new HttpRequestMessage(HttpMethod.Put, $"/2017-10-31/functions/{name}/concurrency")
        {
            Content = Json(new JsonObject { ["ReservedConcurrentExecutions"] = concurrency }),
        };
        return (await _gateway.SendAsync(put, "lambda")).Status;
    }

    private static bool IsRunning(string id)
    {
        try
        {
            using var process = System.Diagnostics.Process.GetProcessById(int.Parse(id, System.Globalization.CultureInfo.InvariantCulture));
            return !process.HasExited;
        }
        catch (ArgumentException)
        {
            return false;
        }
    }

    private Task<string> CreateAsync(string name, string handler, JsonObject? variables = null, int timeout = 10) =>
        _gateway.CreateFunctionAsync(name, handler, variables, timeout);

    private async Task<(string? Error, JsonObject Body)> InvokeAsync(string name, string payload)
    {
        using var invoke = new HttpRequestMessage(HttpMethod.Post, $"/2015-03-31/functions/{name}/invocations")
        {
            Content = new StringContent(payload),
        };
        invoke.Headers.TryAddWithoutValidation(
            "Authorization", "AWS4-HMAC-SHA256 Credential=test/20260101/us-east-1/lambda/aws4_request, SignedHeaders=host, Signature=0");
        using var answer = await _gateway.Client.SendAsync(invoke);
        var body = (JsonObject)JsonNode.Parse(await answer.Content.ReadAsStringAsync())!;
        return (answer.Headers.TryGetValues("X-Amz-Function-Error", out var error) ? error.Single() : null, body);
    }

    private Task<string> LogAsync(string name, string expected) => _gateway.FunctionLogAsync(name, expected);

    private static StringContent Json(JsonObject body) => new(body.ToJsonString(), Encoding.UTF8, "application/json");
}
