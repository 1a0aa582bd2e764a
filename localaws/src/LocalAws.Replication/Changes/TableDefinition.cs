using System.Text;
using LocalAws.Replication.Files;
using LocalAws.Replication.Filters;
using LocalAws.Replication.Source;

namespace LocalAws.Replication.Changes;

/// <summary>
/// What a table is at one time: its columns, how the log prints them, which rows are wanted, and the files' columns. Never changed, only
/// replaced.
/// </summary>
internal sealed class TableDefinition(SourceTable source, RowFilter filter, OutputSchema schema)
{
    public SourceTable Source { get; } = source;

    public RowFilter Filter { get; } = filter;

    public OutputSchema Schema { get; } = schema;

    /// <summary>For each column, what stands before its value in the log: <c> id[integer]:</c>, with the blank.</summary>
    public IReadOnlyList<byte[]> LogHeaders { get; } = [.. source.Columns.Select(column => Encoding.UTF8.GetBytes($" {column.LogName}:"))];

    /// <summary>For each column, how its numbers are printed.</summary>
    public IReadOnlyList<NumberForm> Numbers { get; } = [.. source.Columns.Select(column => column.Type.Form)];
}
