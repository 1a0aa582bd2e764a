using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Cdc.ColdStart;

/// <summary>What the function meets: the Runtime API with one event, and a Glue whose job has no runs.</summary>
internal sealed class Services : IDisposable
{
    private const string Event = """
        {"Records":[{"eventVersion":"2.1","eventSource":"aws:s3","awsRegion":"us-east-1","eventTime":"2025-01-21T22:21:10.123Z",
         "eventName":"ObjectCreated:Put","s3":{"s3SchemaVersion":"1.0","configurationId":"id","bucket":{"name":"raw"},
         "object":{"key":"raw/public/orders/20250121-222110123.parquet","size":9,"sequencer":"0055AED6DCD90281E5"}}}]}
        """;

    private readonly HttpListener _listener = new();
    private readonly string _address;

    public Services()
    {
        using var probe = new TcpListener(IPAddress.Loopback, 0);
        probe.Start();
        _address = $"127.0.0.1:{((IPEndPoint)probe.LocalEndpoint).Port}";
        probe.Stop();
        _listener.Prefixes.Add($"http://{_address}/");
        _listener.Start();
    }

    /// <summary>Starts the function, gives it the event, and ends it after its response.</summary>
    /// <exception cref="InvalidOperationException">The function answered with an error.</exception>
    public async Task<Start> MeasureAsync(FunctionBuild build)
    {
        var start = new ProcessStartInfo(build.Program) { WorkingDirectory = build.Folder, RedirectStandardOutput = true };
        start.Environment.Clear();
        foreach (var (name, value) in new Dictionary<string, string>
        {
            ["AWS_LAMBDA_RUNTIME_API"] = _address,
            ["AWS_ENDPOINT_URL"] = $"http://{_address}",
            ["AWS_REGION"] = "us-east-1",
            ["AWS_ACCESS_KEY_ID"] = "test",
            ["AWS_SECRET_ACCESS_KEY"] = "test",
            ["AWS_EC2_METADATA_DISABLED"] = "true",
            ["GLUE_JOB_NAME"] = "job",
        })
        {
            start.Environment[name] = value;
        }

        var watch = Stopwatch.StartNew();
        using var process = Process.Start(start)!;
        _ = process.StandardOutput.ReadToEndAsync();
        while (true)
        {
            var context = await _listener.GetContextAsync();
            var path = context.Request.Url!.AbsolutePath;
            if (path.EndsWith("/response", StringComparison.Ordinal))
            {
                var milliseconds = watch.Elapsed.TotalMilliseconds;
                process.Refresh();
                var peak = process.PeakWorkingSet64;
                process.Kill();
                await process.WaitForExitAsync();
                context.Response.Abort();
                return new Start(milliseconds, peak);
            }

            if (path.EndsWith("/error", StringComparison.Ordinal))
            {
                using var reader = new StreamReader(context.Request.InputStream);
                process.Kill();
                throw new InvalidOperationException($"The function failed: {await reader.ReadToEndAsync()}");
            }

            Answer(context, path);
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _listener.Close();

    private static void Answer(HttpListenerContext context, string path)
    {
        var body = Event;
        if (path.EndsWith("/next", StringComparison.Ordinal))
        {
            context.Response.Headers["Lambda-Runtime-Aws-Request-Id"] = "r-1";
            context.Response.Headers["Lambda-Runtime-Deadline-Ms"] = $"{DateTimeOffset.UtcNow.AddSeconds(30).ToUnixTimeMilliseconds()}";
        }
        else
        {
            body = context.Request.Headers["X-Amz-Target"] == "AWSGlue.StartJobRun" ? """{"JobRunId":"jr_1"}""" : """{"JobRuns":[]}""";
        }

        context.Response.ContentType = "application/x-amz-json-1.1";
        context.Response.Close(Encoding.UTF8.GetBytes(body), willBlock: false);
    }
}
