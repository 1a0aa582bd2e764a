using LocalAws.Hosting;

namespace LocalAws.Moto;

/// <summary>The moto process: the control plane behind the gateway, on a port of its own that only the gateway knows.</summary>
internal sealed class MotoServer(GatewayOptions options, ChildProcesses processes, ILogger<MotoServer> logger)
{
    private const int Attempts = 3;
    private static readonly TimeSpan StartLimit = TimeSpan.FromSeconds(60);

    private volatile Uri? _address;

    /// <summary>Whether moto has answered.</summary>
    public bool IsReady => _address is not null;

    /// <summary>moto's address for a raw path and query, which keeps its escapes and its double slashes.</summary>
    public Uri Address(string rawTarget) =>
        new((_address ?? throw new InvalidOperationException("moto is not started.")).ToString().TrimEnd('/') + rawTarget,
            new UriCreationOptions { DangerousDisablePathAndQueryCanonicalization = true });

    /// <summary>Starts moto and returns when it answers.</summary>
    /// <exception cref="InvalidOperationException">moto ended or did not answer; the message holds the last lines that it wrote.</exception>
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        var lastLines = "";
        for (var attempt = 1; attempt <= Attempts && _address is null; attempt++)
        {
            // A port that was free may be another program's by the time that moto listens.
            (_address, lastLines) = await StartAsync(Ports.Free(), cancellationToken);
        }

        if (_address is null)
        {
            throw new InvalidOperationException($"moto did not start. Its last lines: {lastLines}");
        }
    }

    /// <returns>The address once moto answers there, null when it ended; and the last lines that it wrote.</returns>
    private async Task<(Uri? Address, string LastLines)> StartAsync(int port, CancellationToken cancellationToken)
    {
        var address = new Uri($"http://127.0.0.1:{port}");
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
        var deadline = DateTime.UtcNow + StartLimit;
        while (DateTime.UtcNow < deadline && !child.HasExited)
        {
            try
            {
                using var answer = await client.GetAsync(new Uri(address, "/moto-api/config"), cancellationToken);
                if (answer.IsSuccessStatusCode && !child.HasExited)
                {
                    logger.LogDebug("moto answers on port {Port}", port);
                    return (address, "");
                }
            }
            catch (HttpRequestException)
            {
                logger.LogTrace("moto does not listen on port {Port} yet", port);
            }

            await Task.Delay(50, cancellationToken);
        }

        var ended = child.HasExited;
        await child.DisposeAsync();
        return ended
            ? (null, child.LastLines())
            : throw new InvalidOperationException($"moto did not answer within {StartLimit.TotalSeconds:0} s. Its last lines: {child.LastLines()}");
    }
}
