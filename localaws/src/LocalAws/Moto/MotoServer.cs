using LocalAws.Hosting;

namespace LocalAws.Moto;

/// <summary>The moto process: the control plane behind the gateway, on a port of its own that only the gateway knows.</summary>
public sealed class MotoServer(GatewayOptions options, ChildProcesses processes, ILogger<MotoServer> logger)
{
    private Uri? _address;

    /// <summary>moto's address for a raw path and query, which keeps its escapes and its double slashes.</summary>
    public Uri Address(string rawTarget) =>
        new((_address ?? throw new InvalidOperationException("moto is not started.")).ToString().TrimEnd('/') + rawTarget,
            new UriCreationOptions { DangerousDisablePathAndQueryCanonicalization = true });

    /// <summary>Starts moto and returns when it answers.</summary>
    /// <exception cref="InvalidOperationException">moto ended or did not answer; the message holds the last lines that it wrote.</exception>
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        var port = Ports.Free();
        _address = new Uri($"http://127.0.0.1:{port}");
        var child = processes.Start(new ChildProcessSpec("moto", options.Python, ["-W", "ignore", "-m", "moto.server", "-H", "127.0.0.1", "-p", $"{port}"])
        {
            Environment = new Dictionary<string, string?>
            {
                ["MOTO_IAM_LOAD_MANAGED_POLICIES"] = "true",
                ["MOTO_ENABLE_ISO_REGIONS"] = "false",
                ["PYTHONUNBUFFERED"] = "1",
                ["AWS_ENDPOINT_URL"] = null,
            },
            LogFile = Path.Combine(options.Home, "logs", "moto.log"),
        });
        using var client = new HttpClient();
        var deadline = DateTime.UtcNow.AddSeconds(60);
        while (DateTime.UtcNow < deadline)
        {
            if (child.HasExited)
            {
                break;
            }

            try
            {
                using var answer = await client.GetAsync(new Uri(_address, "/moto-api/config"), cancellationToken);
                logger.LogDebug("moto answers on port {Port}", port);
                return;
            }
            catch (HttpRequestException)
            {
                await Task.Delay(50, cancellationToken);
            }
        }

        throw new InvalidOperationException($"moto did not start. Its last lines: {child.LastLines()}");
    }
}
