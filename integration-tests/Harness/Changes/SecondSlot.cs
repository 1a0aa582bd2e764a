using Cdc.Harness.Pipelines;
using Cdc.Harness.Waiting;
using Npgsql;

namespace Cdc.Harness.Changes;

/// <summary>
/// A replication slot beside the task's own, decoded by PostgreSQL's own plug-in and read by SQL: the oracle of the change logs. What it
/// has read is kept in a file, so that it can be read again and again.
/// </summary>
public sealed class SecondSlot(SourceDatabase source, string name, string file)
{
    private static readonly TimeSpan Poll = TimeSpan.FromMilliseconds(10);
    private static readonly TimeSpan ReadLimit = TimeSpan.FromMinutes(5);

    private string Inserts => $"{name}_inserts";

    /// <summary>Whether the source has the slot, from this round or from an earlier one.</summary>
    public async Task<bool> ExistsAsync(CancellationToken cancellationToken) =>
        await source.ScalarAsync($"SELECT count(*) FROM pg_replication_slots WHERE slot_name = '{name}'", cancellationToken) != "0";

    /// <summary>Creates publications and slot anew.</summary>
    public async Task CreateAsync(IReadOnlyList<ReplicatedTable> tables, CancellationToken cancellationToken)
    {
        await DropAsync(cancellationToken);
        File.Delete(file);
        // Updates of a table without a key must go on to succeed, so it is published for inserts alone.
        await source.ExecuteAsync(
            Publication(name, tables.Where(table => table.HasKey), "insert, update, delete") + Publication(
                Inserts, tables.Where(table => !table.HasKey), "insert"),
            cancellationToken);
        await source.ExecuteAsync($"SELECT pg_create_logical_replication_slot('{name}', 'pgoutput')", cancellationToken);
    }

    /// <summary>Waits until the database has another slot that decodes: the task's.</summary>
    public Task OtherSlotAsync(TimeSpan limit, CancellationToken cancellationToken) =>
        Eventually.BecomesAsync(
            "the task has its replication slot",
            // Without a confirmed position it is still being created.
            token => source.ScalarAsync(
                $"SELECT count(*) FROM pg_replication_slots WHERE database = current_database() AND slot_name <> '{name}' AND "
                + "confirmed_flush_lsn IS NOT NULL",
                token),
            seen => seen != "0",
            limit,
            cancellationToken,
            Poll);

    /// <summary>Reads up to the present end of the log; all changes that were ever read.</summary>
    public async Task<IReadOnlyList<Change>> ReadAsync(CancellationToken cancellationToken)
    {
        await using (var connection = await source.ConnectAsync(cancellationToken))
        {
            await using var all = new FileStream(file, FileMode.Append);
            await AppendAsync(connection, all, cancellationToken);
        }

        return new PgOutputReader(await File.ReadAllBytesAsync(file, cancellationToken)).Read();
    }

    /// <summary>Takes the messages out of the slot, each with a newline after it.</summary>
    private async Task AppendAsync(NpgsqlConnection connection, FileStream target, CancellationToken cancellationToken)
    {
        const string Messages =
            "SELECT data FROM pg_logical_slot_get_binary_changes($1::text, pg_current_wal_lsn(), NULL, 'proto_version', '1', "
            + "'publication_names', $2)";
        await using var command = new NpgsqlCommand(Messages, connection)
        {
            Parameters = { new() { Value = name }, new() { Value = $"{name},{Inserts}" } },
            CommandTimeout = (int)ReadLimit.TotalSeconds,
        };
        await using var messages = await command.ExecuteReaderAsync(cancellationToken);
        while (await messages.ReadAsync(cancellationToken))
        {
            await target.WriteAsync(messages.GetFieldValue<byte[]>(0), cancellationToken);
            target.WriteByte((byte)'\n');
        }
    }

    /// <summary>Drops slot and publications.</summary>
    public Task DropAsync(CancellationToken cancellationToken) =>
        source.ExecuteAsync(
            $"SELECT pg_drop_replication_slot(slot_name) FROM pg_replication_slots WHERE slot_name = '{name}'; DROP PUBLICATION IF EXISTS "
            + $"{name}; DROP PUBLICATION IF EXISTS {Inserts}",
            cancellationToken);

    private static string Publication(string publication, IEnumerable<ReplicatedTable> tables, string operations)
    {
        var names = string.Join(", ", tables.Select(table => $"\"{table.Schema}\".\"{table.Name}\""));
        return $"CREATE PUBLICATION {publication} {(names.Length == 0 ? "" : $"FOR TABLE {names} ")}WITH (publish = '{operations}');";
    }
}
