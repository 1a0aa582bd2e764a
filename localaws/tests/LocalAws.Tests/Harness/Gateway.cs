using System.Diagnostics;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json.Nodes;
using LocalAws.Hosting;

namespace LocalAws.Tests.Harness;

/// <summary>A gateway as a process of its own, on a free port and in a folder of its own.</summary>
public sealed class Gateway : IAsyncDisposable
{
    private readonly StringBuilder _output = new();

    private Gateway(Process process, int port, string home)
    {
        Process = process;
        Port = port;
        Home = home;
        Client = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{port}") };
    }

    public Process Process { get; }

    public int Port { get; }

    public string Home { get; }

    public HttpClient Client { get; }

    public static string NewHome() => Directory.CreateTempSubdirectory("localaws-test-").FullName;

    /// <summary>Starts a gateway and returns when it answers.</summary>
    public static async Task<Gateway> StartAsync(
        string? home = null, string? postgresql = null, IReadOnlyDictionary<string, string>? environment = null)
    {
        home ??= NewHome();
        var port = Ports.Free();
        var gateway = new Gateway(Launch(port, home, postgresql, environment), port, home);
        gateway.Collect();
        await Eventually.TrueAsync("the gateway answers", async () =>
        {
            if (gateway.Process.HasExited)
            {
                throw new InvalidOperationException($"The gateway ended with {gateway.Process.ExitCode}: {gateway._output}");
            }

            try
            {
                using var answer = await gateway.Client.GetAsync("/_localaws/health");
                return (answer.IsSuccessStatusCode, answer.StatusCode);
            }
            catch (HttpRequestException failure)
            {
                return (false, failure.Message);
            }
        });
        return gateway;
    }

    /// <param name="port">The port that it is to answer on.</param>
    /// <param name="home">Its folder.</param>
    /// <param name="postgresql">Folder of PostgreSQL's servers; by default those that set-up fetched.</param>
    /// <param name="environment">What it finds in its environment beside this process's own.</param>
    public static Process Launch(
        int port, string home, string? postgresql = null, IReadOnlyDictionary<string, string>? environment = null)
    {
        var start = new ProcessStartInfo(Path.Combine(AppContext.BaseDirectory, "localaws"))
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        string[] arguments =
        [
            "--home", home, "--port", $"{port}", "--python", Repository.Python, "--jars", Repository.Jars,
            "--postgresql", postgresql ?? Repository.Postgres, "--cache", Repository.Cache,
            "--replicator", Repository.Replicator,
        ];
        foreach (var argument in arguments)
        {
            start.ArgumentList.Add(argument);
        }

        foreach (var (name, value) in environment ?? new Dictionary<string, string>())
        {
            start.Environment[name] = value;
        }

        return Process.Start(start)!;
    }

    /// <summary>Ids of the processes of a name that the gateway says to run.</summary>
    public async Task<IReadOnlyList<int>> ProcessesAsync(string name)
    {
        var health = JsonNode.Parse(await Client.GetStringAsync("/_localaws/health"))!;
        return
        [
            .. health["processes"]!.AsArray()
                .Where(process => process!["name"]!.GetValue<string>() == name)
                .Select(process => process!["id"]!.GetValue<int>()),
        ];
    }

    /// <summary>Calls an operation of the JSON protocol; an error is an answer too.</summary>
    public async Task<(int Status, JsonObject Body)> JsonAsync(string service, string target, JsonObject input)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/") { Content = JsonContent.Create(input) };
        request.Headers.TryAddWithoutValidation("X-Amz-Target", target);
        return await SendAsync(request, service);
    }

    /// <summary>Calls an operation of the query protocol; returns its XML.</summary>
    public async Task<(int Status, string Body)> QueryAsync(string service, string action, params (string Name, string Value)[] parameters)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/")
        {
            Content = new FormUrlEncodedContent(
                parameters.Append(("Action", action)).Select(item => KeyValuePair.Create(item.Item1, item.Item2))),
        };
        Sign(request, service);
        using var answer = await Client.SendAsync(request);
        return ((int)answer.StatusCode, await answer.Content.ReadAsStringAsync());
    }

    public async Task<(int Status, JsonObject Body)> SendAsync(HttpRequestMessage request, string service)
    {
        Sign(request, service);
        using var answer = await Client.SendAsync(request);
        var text = await answer.Content.ReadAsStringAsync();
        return ((int)answer.StatusCode, text.StartsWith('{') ? (JsonObject)JsonNode.Parse(text)! : new JsonObject { ["text"] = text });
    }

    /// <summary>Puts an object, its bucket first when it is not there.</summary>
    public async Task PutAsync(string bucket, string key, byte[] body)
    {
        using var create = new HttpRequestMessage(HttpMethod.Put, $"/{bucket}");
        await SendAsync(create, "s3");
        using var put = new HttpRequestMessage(HttpMethod.Put, $"/{bucket}/{key}") { Content = new ByteArrayContent(body) };
        (await SendAsync(put, "s3")).Status.Should().Be(200);
    }

    public async ValueTask DisposeAsync()
    {
        if (!Process.HasExited)
        {
            using var terminate = Process.Start("kill", ["-TERM", $"{Process.Id}"]);
            await Process.WaitForExitAsync();
        }

        Process.Dispose();
        Client.Dispose();
        Directory.Delete(Home, recursive: true);
    }

    private static void Sign(HttpRequestMessage request, string service) =>
        request.Headers.TryAddWithoutValidation(
            "Authorization",
            $"AWS4-HMAC-SHA256 Credential=test/20260101/us-east-1/{service}/aws4_request, SignedHeaders=host, Signature=0");

    private void Collect()
    {
        Process.OutputDataReceived += (_, line) => Append(line.Data);
        Process.ErrorDataReceived += (_, line) => Append(line.Data);
        Process.BeginOutputReadLine();
        Process.BeginErrorReadLine();
    }

    private void Append(string? line)
    {
        lock (_output)
        {
            _output.AppendLine(line);
        }
    }
}
