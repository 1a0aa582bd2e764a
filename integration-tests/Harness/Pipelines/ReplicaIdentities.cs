using Cdc.Harness.Pipelines.Configuration;
using Cdc.Harness.Pipelines.Preflight;
using Npgsql;

namespace Cdc.Harness.Pipelines;

/// <summary>Gives tables of a source the replica identity that their configuration asks for.</summary>
public static class ReplicaIdentities
{
    // The statement needs the table for a moment alone, and whoever comes after it waits behind it.
    private const string LockTimeout = "3s";

    /// <summary>The tables that are to have a full identity and have none.</summary>
    public static IReadOnlyList<SourceTableFacts> Missing(
        IReadOnlyList<ReplicatedTable> configured, SourceFacts source, JobConfiguration? configuration) =>
        [.. configured.Where(table => configuration?.Of(table).WantsFullIdentity ?? false)
            .Select(table => source.Tables.GetValueOrDefault(table.Qualified))
            .OfType<SourceTableFacts>()
            .Where(table => table is { Kind: 'r', Identity: not 'f' })];

    /// <summary>The source as it will be when these tables have a full identity.</summary>
    public static SourceFacts Assume(SourceFacts source, IReadOnlyList<SourceTableFacts> full)
    {
        var names = full.Select(table => table.Qualified).ToHashSet(StringComparer.Ordinal);
        return source with
        {
            Tables = source.Tables.ToDictionary(
                table => table.Key, table => names.Contains(table.Key) ? table.Value with { Identity = 'f' } : table.Value),
        };
    }

    /// <summary>Sets it. A table whose lock does not come in time stays as it is.</summary>
    /// <returns>Null when it is set, else what the database said.</returns>
    public static async Task<string?> SetFullAsync(SourceDatabase source, SourceTableFacts table, CancellationToken cancellationToken)
    {
        await using var connection = await source.ConnectAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        await using var command = new NpgsqlCommand($"SET LOCAL lock_timeout = '{LockTimeout}'; {Sql(table)}", connection, transaction);
        try
        {
            await command.ExecuteNonQueryAsync(cancellationToken);
            await transaction.CommitAsync(cancellationToken);
            return null;
        }
        catch (PostgresException refused)
        {
            return refused.MessageText;
        }
    }

    /// <summary>The statement.</summary>
    public static string Sql(SourceTableFacts table) => $"ALTER TABLE {table.Quoted} REPLICA IDENTITY FULL;";
}
