using System.IO.Compression;
using System.Text;
using System.Text.Json.Nodes;

namespace LocalAws.Tests.Harness;

/// <summary>
/// Functions whose bootstrap is a shell script that speaks the Runtime API with curl: nothing of ours is on the other side.
/// </summary>
internal static class GatewayFunctions
{
    private const string Loop = """
        #!/bin/bash
        api="http://$AWS_LAMBDA_RUNTIME_API/2018-06-01/runtime"
        while true; do
          event=$(curl -sS -D headers.$$ "$api/invocation/next")
          id=$(grep -i '^Lambda-Runtime-Aws-Request-Id' headers.$$ | tr -d '\r' | cut -d' ' -f2)
          handle
        done
        """;

    /// <summary>A handler that writes its event to the log and answers <c>{}</c>.</summary>
    public const string Hears = """handle() { echo "heard $event" >&2; curl -sS -d '{}' "$api/invocation/$id/response"; }""";

    /// <summary>Deploys a function.</summary>
    /// <param name="gateway">Where.</param>
    /// <param name="name">The function's name.</param>
    /// <param name="handler">The shell function <c>handle</c>, which finds <c>$event</c>, <c>$id</c> and <c>$api</c>.</param>
    /// <param name="variables">Its environment variables.</param>
    /// <param name="timeout">Seconds.</param>
    /// <returns>The function's ARN.</returns>
    public static async Task<string> CreateFunctionAsync(
        this Gateway gateway, string name, string handler, JsonObject? variables = null, int timeout = 10)
    {
        using var bytes = new MemoryStream();
        using (var zip = new ZipArchive(bytes, ZipArchiveMode.Create, leaveOpen: true))
        {
            var entry = zip.CreateEntry("bootstrap");
            entry.ExternalAttributes = 0b111_101_101 << 16;
            using var stream = entry.Open();
            stream.Write(Encoding.UTF8.GetBytes(Loop.Replace("while true", handler + "\nwhile true", StringComparison.Ordinal)));
        }

        var (status, body) = await gateway.RestAsync(HttpMethod.Post, "/2015-03-31/functions", new JsonObject
        {
            ["FunctionName"] = name,
            ["Runtime"] = "provided.al2023",
            ["Handler"] = "bootstrap",
            ["Role"] = "arn:aws:iam::123456789012:role/r",
            ["Timeout"] = timeout,
            ["Code"] = new JsonObject { ["ZipFile"] = Convert.ToBase64String(bytes.ToArray()) },
            ["Environment"] = new JsonObject { ["Variables"] = variables ?? [] },
        });
        status.Should().Be(201, body.ToJsonString());
        return body["FunctionArn"]!.GetValue<string>();
    }

    /// <summary>Lets a service invoke a function.</summary>
    public static async Task PermitAsync(this Gateway gateway, string function, string service, string? sourceArn = null)
    {
        var (status, body) = await gateway.RestAsync(HttpMethod.Post, $"/2015-03-31/functions/{function}/policy", new JsonObject
        {
            ["StatementId"] = Guid.NewGuid().ToString("N"),
            ["Action"] = "lambda:InvokeFunction",
            ["Principal"] = service,
            ["SourceArn"] = sourceArn,
        });
        status.Should().Be(201, body.ToJsonString());
    }

    /// <summary>Calls an operation of Lambda's API.</summary>
    public static async Task<(int Status, JsonObject Body)> RestAsync(
        this Gateway gateway, HttpMethod method, string path, JsonObject? input = null)
    {
        using var request = new HttpRequestMessage(method, path);
        if (input is not null)
        {
            request.Content = new StringContent(input.ToJsonString(), Encoding.UTF8, "application/json");
        }

        return await gateway.SendAsync(request, "lambda");
    }

    /// <summary>The function's log, when it has what is expected and the report of an invocation.</summary>
    public static async Task<string> FunctionLogAsync(this Gateway gateway, string name, string expected)
    {
        var log = "";
        await Eventually.TrueAsync($"the log of {name} has {expected} and the report of its invocation", async () =>
        {
            log = await gateway.FunctionLogAsync(name);
            return (log.Contains(expected, StringComparison.Ordinal) && log.Contains("REPORT", StringComparison.Ordinal), log);
        });
        return log;
    }

    /// <summary>The function's log as it is now.</summary>
    public static async Task<string> FunctionLogAsync(this Gateway gateway, string name)
    {
        var (status, body) = await gateway.JsonAsync(
            "logs", "Logs_20140328.FilterLogEvents", new JsonObject { ["logGroupName"] = $"/aws/lambda/{name}" });
        return status == 200 ? string.Join('\n', body["events"]!.AsArray().Select(item => item!["message"]!.GetValue<string>())) : "";
    }
}
