using System.Globalization;
using LocalAws.Replication.Reporting;
using LocalAws.Replication.Settings;
using Npgsql;

namespace LocalAws.Replication.Source;

/// <summary>
/// Waits for transactions that have written and are open, prepared ones too. What they wrote before a slot begins is not in the slot, so a
/// load may begin only when it sees them whole.
/// </summary>
internal sealed class OpenTransactions(NpgsqlConnection connection, TaskSettings settings, Reporter reporter, TimeProvider time)
{
    private static readonly TimeSpan Poll = TimeSpan.FromMilliseconds(100);

    /// <summary>Waits until every transaction that has an id by now has ended.</summary>
    /// <exception cref="ReplicationException">It takes longer than TransactionConsistencyTimeout, and the settings make that a
    /// failure.</exception>
    public async Task WaitAsync(CancellationToken cancellationToken)
    {
        var began = time.GetTimestamp();
        // An id of one's own is above all that were given out; a snapshot's upper end is not: it may be the open transaction itself.
        var next = await IdAsync("pg_current_xact_id()", cancellationToken);
        var said = false;
        while (await IdAsync("pg_snapshot_xmin(pg_current_snapshot())", cancellationToken) < next)
        {
            if (!said)
            {
                said = true;
                reporter.Info(
                    LogComponents.SourceCapture,
                    $"Loads begin when the transactions that are open now have ended: {await DescribeAsync(next, cancellationToken)}.");
            }

            if (time.GetElapsedTime(began) >= settings.TransactionConsistencyTimeout)
            {
                await BreachedAsync(next, cancellationToken);
                began = time.GetTimestamp();
            }

            await Task.Delay(Poll, time, cancellationToken);
        }
    }

    /// <summary>Says that the wait exceeds its limit.</summary>
    /// <exception cref="ReplicationException">The settings make that a failure.</exception>
    public void Breached(string holders)
    {
        var message = string.Create(
            CultureInfo.InvariantCulture,
            $"Transactions that were open when the task started are still open after "
            + $"{settings.TransactionConsistencyTimeout.TotalSeconds:0} s "
            + $"(TransactionConsistencyTimeout). End them: {holders}.");
        if (settings.FailOnTransactionConsistencyBreached)
        {
            throw new ReplicationException(message);
        }

        reporter.Warning(LogComponents.SourceCapture, message);
    }

    private async Task BreachedAsync(ulong next, CancellationToken cancellationToken) =>
        Breached(await DescribeAsync(next, cancellationToken));

    private async Task<ulong> IdAsync(string expression, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand($"SELECT {expression}::text", connection);
        return ulong.Parse((string)(await command.ExecuteScalarAsync(cancellationToken))!, CultureInfo.InvariantCulture);
    }

    /// <summary>Who holds the wait up, for people: sessions by their process, prepared transactions by their identifier.</summary>
    private async Task<string> DescribeAsync(ulong next, CancellationToken cancellationToken)
    {
        const string Sql = """
            SELECT string_agg(who, ', ') FROM (
              SELECT 'process ' || pid || ' (' || coalesce(usename, '?') || ', database ' || coalesce(datname, '?')
                || ', since ' || date_trunc('second', xact_start) || ')' AS who,
                backend_xid AS id
              FROM pg_stat_activity WHERE backend_xid IS NOT NULL AND pid <> pg_backend_pid()
              UNION ALL
              SELECT 'prepared transaction ' || quote_literal(gid) || ' (database ' || database
                || ', since ' || date_trunc('second', prepared) || ')',
                transaction
              FROM pg_prepared_xacts) holders
            WHERE age(id) > age($1::text::xid)
            """;
        await using var command = new NpgsqlCommand(Sql, connection);
        // age() compares ids as PostgreSQL does, around their end; the lower half of an id is what sessions show.
        command.Parameters.Add(new NpgsqlParameter { Value = ((uint)next).ToString(CultureInfo.InvariantCulture) });
        return await command.ExecuteScalarAsync(cancellationToken) as string ?? "see pg_stat_activity and pg_prepared_xacts";
    }
}
