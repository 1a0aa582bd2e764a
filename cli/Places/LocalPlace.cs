using System.Globalization;
using Cdc.Cli.Interface;
using Cdc.Harness;
using Cdc.Harness.Local;

namespace Cdc.Cli.Places;

/// <summary>
/// The local AWS at one port: a place in which any number of environments live. What was applied there by these commands is gone with it,
/// so its states lie in its folder.
/// </summary>
internal sealed class LocalPlace
{
    public const int DefaultPort = 4566;

    private LocalPlace(int port) => Port = port;

    public int Port { get; }

    public LocalStack Stack => new(Folder);

    /// <summary>Everything of this place that is not in the sources.</summary>
    public string Folder => Path.Combine(Places, Port.ToString(CultureInfo.InvariantCulture));

    private static string Places { get; } = Path.Combine(RepositoryLayout.Local, "aws");

    /// <summary>The one at a port; without a port the one that runs, else that of port 4566.</summary>
    /// <exception cref="UsageException">Several run, and none was named.</exception>
    public static async Task<LocalPlace> FindAsync(int? port, CancellationToken cancellationToken)
    {
        if (port is { } given)
        {
            return new LocalPlace(given);
        }

        var running = new List<LocalPlace>();
        foreach (var aws in Known())
        {
            if (await aws.Stack.IsRunningAsync(cancellationToken))
            {
                running.Add(aws);
            }
        }

        return running switch
        {
            [] => new LocalPlace(DefaultPort),
            [var only] => only,
            _ => throw new UsageException(
                $"Several local AWSes run, on the ports {string.Join(", ", running.Select(aws => aws.Port))}: name one by PORT=…"),
        };
    }

    /// <summary>Starts it after clearing what an earlier one left; with what that one held its Terraform states are of no use.</summary>
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        await ClearAsync(cancellationToken);
        Directory.CreateDirectory(Folder);
        await Stack.StartAsync(Port, cancellationToken);
    }

    /// <summary>Stops it and removes everything of it; works whatever was killed before.</summary>
    public async Task ClearAsync(CancellationToken cancellationToken)
    {
        await Stack.StopAsync(cancellationToken);
        if (Directory.Exists(Folder))
        {
            Directory.Delete(Folder, recursive: true);
        }
    }

    /// <exception cref="UsageException">It does not run.</exception>
    public async Task RequireRunningAsync(CancellationToken cancellationToken)
    {
        // Whoever started it: one of the tests, or of another checkout, is as good.
        var health = await LocalStack.HealthAsync(Port, cancellationToken);
        if (health is not { IsReady: true })
        {
            throw new UsageException(health switch
            {
                null => $"No local AWS runs on port {Port}. Start it with `make up`, or the whole with `make demo`; "
                    + "TARGET=account works on an account.",
                { Reason: { } reason } => $"The local AWS on port {Port} has failed: {reason} "
                    + "`make down` clears it, `make up` starts another.",
                _ => $"The local AWS on port {Port} is starting; try again in a moment.",
            });
        }
    }

    private static IEnumerable<LocalPlace> Known() =>
        (Directory.Exists(Places) ? Directory.GetDirectories(Places) : [])
            .Select(
                folder => int.TryParse(Path.GetFileName(folder), NumberStyles.None, CultureInfo.InvariantCulture, out var port) ? port : 0)
            .Where(port => port > 0)
            .Order()
            .Select(port => new LocalPlace(port));
}
