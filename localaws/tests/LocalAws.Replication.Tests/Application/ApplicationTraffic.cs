using System.Collections.Concurrent;
using System.Diagnostics;
using Npgsql;

namespace LocalAws.Replication.Tests.Application;

/// <summary>
/// An application at work: sessions that run their transactions in a loop. It notes what failed and how long each statement took.
/// </summary>
internal sealed class ApplicationTraffic(string connectionString) : IAsyncDisposable
{
    private readonly CancellationTokenSource _stop = new();
    private readonly ConcurrentBag<TimeSpan> _durations = [];
    private readonly ConcurrentBag<string> _failures = [];
    private readonly List<Task> _sessions = [];
    private long _transactions;

    public IReadOnlyCollection<string> Failures => _failures;

    /// <summary>The longest that a statement took.</summary>
    public TimeSpan Longest => _durations.DefaultIfEmpty().Max();

    public long Transactions => Interlocked.Read(ref _transactions);

    /// <summary>Starts a session.</summary>
    /// <param name="transaction">SQL of the n-th transaction.</param>
    public void Start(Func<int, string> transaction) => _sessions.Add(Task.Run(async () =>
    {
        await using var connection = new NpgsqlConnection(connectionString);
        await connection.OpenAsync();
        for (var n = 1; !_stop.IsCancellationRequested; n++)
        {
            await RunAsync(connection, transaction(n));
            Interlocked.Increment(ref _transactions);
        }
    }));

    /// <summary>Runs a statement of a migration and lets some transactions follow it.</summary>
    public async Task MigrateAsync(string sql)
    {
        await using (var connection = new NpgsqlConnection(connectionString))
        {
            await connection.OpenAsync();
            await RunAsync(connection, sql);
        }

        var reached = Transactions + 30;
        await Eventually.BecomesAsync("The application goes on", () => Task.FromResult(Transactions), now => now >= reached);
    }

    /// <summary>Ends all sessions after their present transactions.</summary>
    public async Task StopAsync()
    {
        await _stop.CancelAsync();
        await Task.WhenAll(_sessions);
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        _stop.Dispose();
    }

    private async Task RunAsync(NpgsqlConnection connection, string sql)
    {
        var watch = Stopwatch.StartNew();
        try
        {
            await using var command = new NpgsqlCommand(sql, connection);
            await command.ExecuteNonQueryAsync();
        }
        catch (PostgresException error)
        {
            _failures.Add($"{error.SqlState} {error.MessageText}: {sql}");
        }

        _durations.Add(watch.Elapsed);
    }
}
