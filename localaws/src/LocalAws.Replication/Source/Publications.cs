using System.Security.Cryptography;
using System.Text;
using Npgsql;

namespace LocalAws.Replication.Source;

/// <summary>
/// The engine's publications. A table without replica identity in an ordinary publication would make its users' UPDATE and DELETE
/// fail, so such tables are in a second one that publishes inserts alone.
/// </summary>
internal sealed class Publications(NpgsqlConnection connection, string slot)
{
    private readonly string _changes = ChangesName(slot);
    private readonly string _inserts = InsertsName(slot);

    /// <summary>The value of pgoutput's option publication_names.</summary>
    public static string NamesFor(string slot) => $"{Sql.Identifier(ChangesName(slot))},{Sql.Identifier(InsertsName(slot))}";

    public async Task CreateAsync(IReadOnlyList<SourceTable> tables, CancellationToken cancellationToken)
    {
        await DropAsync(cancellationToken);
        await CreateAsync(_changes, "insert, update, delete", tables.Where(table => table.HasReplicaIdentity), cancellationToken);
        await CreateAsync(_inserts, "insert", tables.Where(table => !table.HasReplicaIdentity), cancellationToken);
    }

    /// <summary>
    /// Makes what is missing and keeps what is there: the slot decodes with the publications as they were when a change was made.
    /// </summary>
    public async Task AddMissingAsync(IReadOnlyList<SourceTable> tables, CancellationToken cancellationToken)
    {
        foreach (var (name, operations, wanted) in new[]
        {
            (_changes, "insert, update, delete", tables.Where(table => table.HasReplicaIdentity)),
            (_inserts, "insert", tables.Where(table => !table.HasReplicaIdentity)),
        })
        {
            await using var exists = new NpgsqlCommand("SELECT count(*) FROM pg_publication WHERE pubname = $1", connection);
            exists.Parameters.Add(new NpgsqlParameter { Value = name });
            if ((long)(await exists.ExecuteScalarAsync(cancellationToken))! == 0)
            {
                await CreateAsync(name, operations, wanted, cancellationToken);
                continue;
            }

            var present = await PublishedAsync(name, cancellationToken);
            foreach (var table in wanted.Where(table => !present.Contains((table.Schema, table.Name))))
            {
                await ExecuteAsync($"ALTER PUBLICATION {Sql.Identifier(name)} ADD TABLE ONLY {table.Quoted}", cancellationToken);
            }
        }
    }

    public Task DropAsync(CancellationToken cancellationToken) =>
        ExecuteAsync(
            $"SET client_min_messages = error; DROP PUBLICATION IF EXISTS {Sql.Identifier(_changes)}, {Sql.Identifier(_inserts)}; RESET client_min_messages",
            cancellationToken);

    private async Task<HashSet<(string Schema, string Table)>> PublishedAsync(string name, CancellationToken cancellationToken)
    {
        var tables = new HashSet<(string, string)>();
        await using var command = new NpgsqlCommand("SELECT schemaname, tablename FROM pg_publication_tables WHERE pubname = $1", connection);
        command.Parameters.Add(new NpgsqlParameter { Value = name });
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        while (await reader.ReadAsync(cancellationToken))
        {
            tables.Add((reader.GetString(0), reader.GetString(1)));
        }

        return tables;
    }

    private Task CreateAsync(string name, string operations, IEnumerable<SourceTable> tables, CancellationToken cancellationToken)
    {
        var list = string.Join(", ", tables.Select(table => "ONLY " + table.Quoted));
        var clause = list.Length > 0 ? $"FOR TABLE {list} " : "";
        return ExecuteAsync($"CREATE PUBLICATION {Sql.Identifier(name)} {clause}WITH (publish = '{operations}')", cancellationToken);
    }

    private static string ChangesName(string slot) => Name(slot, "_changes");

    private static string InsertsName(string slot) => Name(slot, "_inserts");

    /// <summary>PostgreSQL cuts longer names off, which would make two long names one.</summary>
    private static string Name(string slot, string suffix)
    {
        const int Longest = 63;
        if (slot.Length + suffix.Length <= Longest)
        {
            return slot + suffix;
        }

        var digest = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(slot)))[..8];
        return slot[..(Longest - suffix.Length - digest.Length)] + digest + suffix;
    }

    private async Task ExecuteAsync(string sql, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync(cancellationToken);
    }
}
