using Cdc.Harness.Pipelines;

namespace Cdc.Harness.Comparison;

/// <summary>
/// The rows that a full load finds in the tables without a key, kept in the source: nobody writes to these tables before they are loaded,
/// so the rows are known. Tables with a key are written to meanwhile, and which of their rows a load finds is known to nobody.
/// </summary>
public static class LoadedRows
{
    private const string Schema = "cdc_oracle";

    /// <summary>Keeps what there is now.</summary>
    public static async Task KeepAsync(SourceDatabase source, IEnumerable<ReplicatedTable> tables, CancellationToken cancellationToken)
    {
        await DropAsync(source, cancellationToken);
        var copies = tables.Where(table => !table.HasKey).Select(table => $"CREATE TABLE {CopyOf(table)} AS TABLE {table.Qualified}");
        await source.ExecuteAsync(string.Join("; ", [$"CREATE SCHEMA {Schema}", .. copies]), cancellationToken);
    }

    /// <summary>Name of the table that holds the rows of another one.</summary>
    public static string CopyOf(ReplicatedTable table) => $"{Schema}.\"{table.FinalName}\"";

    /// <summary>Removes all copies; does nothing where there are none.</summary>
    public static Task DropAsync(SourceDatabase source, CancellationToken cancellationToken) =>
        source.ExecuteAsync($"DROP SCHEMA IF EXISTS {Schema} CASCADE", cancellationToken);
}
