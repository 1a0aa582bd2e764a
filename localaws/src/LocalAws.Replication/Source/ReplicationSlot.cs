using LocalAws.Replication.Settings;
using Npgsql;
using NpgsqlTypes;

namespace LocalAws.Replication.Source;

/// <summary>
/// The task's logical slot. It decodes by <c>test_decoding</c>, as DMS's do, so there is no publication that a statement could meet.
/// </summary>
internal sealed class ReplicationSlot(NpgsqlConnection connection, string name, TimeProvider time)
{
    /// <summary>The plug-in that the engine reads.</summary>
    public const string Plugin = "test_decoding";

    private const int LongestName = 63 - 9;
    private const int DropAttempts = 50;
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(100);

    public string Name => name;

    /// <summary>A slot's name from a task's identifier, which may have characters that a slot's name may not.</summary>
    public static string NameFor(string taskIdentifier)
    {
        var safe = new string(
            [.. taskIdentifier.ToLowerInvariant().Select(character => char.IsAsciiLetterOrDigit(character) ? character : '_')]);
        return ("dms_" + safe)[..Math.Min(LongestName, safe.Length + 4)];
    }

    /// <summary>Makes the slot and waits until what it lacks can be seen by a load.</summary>
    /// <returns>The position from which on the slot has every change that such a load has not.</returns>
    public async Task<ulong> CreateAsync(
        SourceServer server, OpenTransactions open, TaskSettings settings, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand($"SELECT lsn FROM pg_create_logical_replication_slot($1, '{Plugin}')", connection)
        {
            CommandTimeout = 0,
        };
        command.Parameters.Add(new NpgsqlParameter { Value = name });
        var creating = command.ExecuteScalarAsync(cancellationToken);
        if (await Task.WhenAny(creating, Task.Delay(settings.TransactionConsistencyTimeout, time, cancellationToken)) != creating)
        {
            open.Breached("see pg_stat_activity and pg_prepared_xacts");
        }

        var lsn = (ulong)(NpgsqlLogSequenceNumber)(await creating)!;
        await open.WaitAsync(cancellationToken);
        if (!server.MayBeginSlotsWithinTransactions)
        {
            return lsn;
        }

        // The slot may have the end of a transaction whose beginning it lacks. All such have ended: what was committed up to now is left to
        // the load. A transaction may be in the log before other sessions see it, so the load waits for those that are open at this
        // position.
        var end = await EndOfLogAsync(cancellationToken);
        await open.WaitAsync(cancellationToken);
        return end;
    }

    /// <summary>The slot's position; null if there is no such slot.</summary>
    /// <exception cref="ReplicationException">The slot is of another plug-in or database, or has lost its log.</exception>
    public async Task<ulong?> FindAsync(CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(
            "SELECT plugin, database = current_database(), wal_status, confirmed_flush_lsn FROM pg_replication_slots WHERE slot_name = $1",
            connection);
        command.Parameters.Add(new NpgsqlParameter { Value = name });
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        if (!await reader.ReadAsync(cancellationToken))
        {
            return null;
        }

        if (await reader.IsDBNullAsync(0, cancellationToken) || reader.GetString(0) != Plugin)
        {
            throw new ReplicationException(
                $"The replication slot '{name}' is not of the plug-in {Plugin}, which this engine reads: set another SlotName on the "
                + "source endpoint, or none.");
        }

        if (!reader.GetBoolean(1))
        {
            throw new ReplicationException(
                $"The replication slot '{name}' belongs to another database of the server: set another SlotName on the "
                + "source endpoint, or none.");
        }

        if (await reader.IsDBNullAsync(3, cancellationToken)
            || (!await reader.IsDBNullAsync(2, cancellationToken) && reader.GetString(2) == "lost"))
        {
            throw Lost(name);
        }

        return (ulong)reader.GetFieldValue<NpgsqlLogSequenceNumber>(3);
    }

    /// <summary>The failure of a slot whose log the server has removed: trying again cannot help.</summary>
    public static ReplicationException Lost(string slot) => new(
        $"The replication slot '{slot}' has lost its log, because the server kept no more of it (max_slot_wal_keep_size, "
        + "idle_replication_slot_timeout): "
        + "start the task with reload-target, which makes the slot anew.");

    /// <summary>The failure of a slot that is gone: trying again cannot help.</summary>
    public static ReplicationException Missing(string? slot) => new(
        $"The replication slot '{slot}' of the task's checkpoint does not exist, so the log since then is lost: start the "
        + "task with reload-target.");

    /// <summary>Moves the slot to the end of the log: a load is about to read what lies before.</summary>
    public async Task AdvanceAsync(CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand("SELECT pg_replication_slot_advance($1, $2)", connection) { CommandTimeout = 0 };
        command.Parameters.Add(new NpgsqlParameter { Value = name });
        command.Parameters.Add(new NpgsqlParameter { Value = new NpgsqlLogSequenceNumber(await EndOfLogAsync(cancellationToken)) });
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    public async Task DropAsync(CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(
            "SELECT pg_terminate_backend(active_pid) FROM pg_replication_slots WHERE slot_name = $1 AND active_pid IS NOT NULL",
            connection);
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
            catch (PostgresException error) when (error.SqlState == PostgresErrorCodes.ObjectInUse && attempt < DropAttempts)
            {
                // A terminated walsender, such as that of a killed replicator, lets go of its slot a moment later.
                await Task.Delay(Pause, time, cancellationToken);
            }
        }
    }

    private async Task<ulong> EndOfLogAsync(CancellationToken cancellationToken)
    {
        // Not the flushed end: a transaction that commits asynchronously is seen by loads before its record is on the disk.
        await using var command = new NpgsqlCommand("SELECT pg_current_wal_insert_lsn()", connection);
        return (ulong)(NpgsqlLogSequenceNumber)(await command.ExecuteScalarAsync(cancellationToken))!;
    }
}
