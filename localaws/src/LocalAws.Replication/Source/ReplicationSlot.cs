using System.Globalization;
using LocalAws.Replication.Reporting;
using LocalAws.Replication.Settings;
using Npgsql;
using NpgsqlTypes;

namespace LocalAws.Replication.Source;

/// <summary>The task's logical slot.</summary>
internal sealed class ReplicationSlot(NpgsqlConnection connection, string name)
{
    private const int LongestName = 63 - 9;

    public string Name => name;

    /// <summary>A slot's name from a task's identifier, which may have characters that a slot's name may not.</summary>
    public static string NameFor(string taskIdentifier)
    {
        var safe = new string([.. taskIdentifier.ToLowerInvariant().Select(character => char.IsAsciiLetterOrDigit(character) ? character : '_')]);
        return ("dms_" + safe)[..Math.Min(LongestName, safe.Length + 4)];
    }

    /// <summary>
    /// Makes the slot. PostgreSQL waits until every transaction that was open has ended: changes of theirs would otherwise be
    /// neither in the slot nor in a load.
    /// </summary>
    public async Task<ulong> CreateAsync(TaskSettings settings, Reporter reporter, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand("SELECT lsn FROM pg_create_logical_replication_slot($1, 'pgoutput')", connection);
        command.Parameters.Add(new NpgsqlParameter { Value = name });
        var creating = command.ExecuteScalarAsync(cancellationToken);
        if (await Task.WhenAny(creating, Task.Delay(settings.TransactionConsistencyTimeout, cancellationToken)) != creating)
        {
            var message = string.Create(
                CultureInfo.InvariantCulture,
                $"Transactions that were open when the task started are still open after {settings.TransactionConsistencyTimeout.TotalSeconds:0} s (TransactionConsistencyTimeout): end them, see pg_stat_activity.");
            if (settings.FailOnTransactionConsistencyBreached)
            {
                throw new ReplicationException(message);
            }

            reporter.Warning(LogComponents.SourceCapture, message);
        }

        return (ulong)(NpgsqlLogSequenceNumber)(await creating)!;
    }

    /// <summary>The slot's confirmed position; null if there is no such slot.</summary>
    /// <exception cref="ReplicationException">The slot is of another plug-in, is in use, or has lost its log.</exception>
    public async Task<ulong?> FindAsync(CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(
            "SELECT plugin, wal_status, confirmed_flush_lsn FROM pg_replication_slots WHERE slot_name = $1", connection);
        command.Parameters.Add(new NpgsqlParameter { Value = name });
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        if (!await reader.ReadAsync(cancellationToken))
        {
            return null;
        }

        if (await reader.IsDBNullAsync(0, cancellationToken) || reader.GetString(0) != "pgoutput")
        {
            throw new ReplicationException($"The replication slot '{name}' is not of the plug-in pgoutput, which this engine reads: name another slot.");
        }

        if (!await reader.IsDBNullAsync(1, cancellationToken) && reader.GetString(1) == "lost")
        {
            throw new ReplicationException($"The replication slot '{name}' has lost its log (max_slot_wal_keep_size): start the task with reload-target.");
        }

        return (ulong)reader.GetFieldValue<NpgsqlLogSequenceNumber>(2);
    }

    public async Task DropAsync(CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(
            "SELECT pg_terminate_backend(active_pid) FROM pg_replication_slots WHERE slot_name = $1 AND active_pid IS NOT NULL", connection);
        command.Parameters.Add(new NpgsqlParameter { Value = name });
        await command.ExecuteNonQueryAsync(cancellationToken);
        await using var drop = new NpgsqlCommand(
            "SELECT pg_drop_replication_slot(slot_name) FROM pg_replication_slots WHERE slot_name = $1", connection);
        drop.Parameters.Add(new NpgsqlParameter { Value = name });
        for (var attempt = 0; ; attempt++)
        {
            try
            {
                await drop.ExecuteNonQueryAsync(cancellationToken);
                return;
            }
            catch (PostgresException error) when (error.SqlState == PostgresErrorCodes.ObjectInUse && attempt < 50)
            {
                // A terminated walsender, such as that of a killed replicator, lets go of its slot a moment later.
                await Task.Delay(TimeSpan.FromMilliseconds(100), cancellationToken);
            }
        }
    }
}
