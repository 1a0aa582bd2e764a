using LocalAws.Hosting;

namespace LocalAws.Moto;

/// <summary>The moto process: the control plane behind the gateway, on a port of its own that only the gateway knows.</summary>
internal sealed class MotoServer(
    GatewayOptions options, ControlPlane controlPlane, ChildProcesses processes, TimeProvider clock, ILogger<MotoServer> logger)
{
    private const int Attempts = 3;
    private static readonly TimeSpan StartLimit = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan Poll = TimeSpan.FromMilliseconds(50);

    /// <summary>Starts moto and returns when it answers.</summary>
    /// <exception cref="InvalidOperationException">
    /// moto ended or did not answer; the message holds the last lines that it wrote.
    /// </exception>
    public async Task StartAsync(CancellationToken stopping)
    {
        var lastLines = "";
        for (var attempt = 1; attempt <= Attempts; attempt++)
        {
            // A port that was free may be another program's by the time that moto listens.
            var address = new Uri($"http://127.0.0.1:{Ports.Free()}");
            var child = Launch(address.Port);
            if (await AnswersAsync(child, address, stopping))
            {
                controlPlane.Answers(address);
                _ = WatchAsync(child, stopping);
                return;
            }

            await child.DisposeAsync();
            lastLines = child.LastLines();
        }

        throw new InvalidOperationException($"moto did not start. Its last lines: {lastLines}");
    }

    private ChildProcess Launch(int port) => processes.Start(
        new ChildProcessSpec("moto", options.Python, ["-W", "ignore", "-m", "moto.server", "-H", "127.0.0.1", "-p", $"{port}"])
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

    /// <returns>False when the process ended before it answered.</returns>
    private async Task<bool> AnswersAsync(ChildProcess child, Uri address, CancellationToken cancellationToken)
    {
        using var client = new HttpClient();
        var started = clock.GetTimestamp();
        while (!child.HasExited)
        {
            try
            {
                using var answer = await client.GetAsync(new Uri(address, "/moto-api/config"), cancellationToken);
                if (answer.IsSuccessStatusCode && !child.HasExited)
                {
                    logger.LogDebug("moto answers on {Address}", address);
                    return true;
                }
            }
            catch (HttpRequestException)
            {
                logger.LogTrace("moto does not listen on {Address} yet", address);
            }

            if (clock.GetElapsedTime(started) > StartLimit)
            {
                await child.DisposeAsync();
                throw new InvalidOperationException(
                    $"moto did not answer within {StartLimit.TotalSeconds:0} s. Its last lines: {child.LastLines()}");
            }

            await Task.Delay(Poll, clock, cancellationToken);
        }

        return false;
    }

    /// <summary>All that moto knows is in its memory. Another moto would know nothing of what exists, so none is started.</summary>
    private async Task WatchAsync(ChildProcess child, CancellationToken stopping)
    {
        var exitCode = await child.Completion;
        if (!stopping.IsCancellationRequested)
        {
            controlPlane.Ended(
                $"The control plane of the local AWS (moto, process {child.Id}) has ended with exit code {exitCode}, and its state "
                + "is lost: stop this local AWS and start a new one. The end of its output is in "
                + $"{Path.Combine(options.Home, "logs", "moto.log")}.");
            logger.LogCritical("{Reason}", controlPlane.Failure);
        }
    }
}
