using Cdc.Harness.Changes;
using Cdc.Harness.Pipelines;

namespace Cdc.Harness.Comparison;

/// <summary>Compares every table of a pipeline, as Athena shows it, with what the source says it must be.</summary>
public sealed class PipelineComparison(PipelineOutput pipeline, Expectation expectation, AthenaQuery athena)
{
    /// <summary>Compares all tables, one after the other.</summary>
    /// <param name="changes">What the second slot saw since the task's own slot.</param>
    /// <param name="cancellationToken">Ends the queries of both sides.</param>
    public async Task<IReadOnlyList<TableComparison>> CompareAsync(IReadOnlyList<Change> changes, CancellationToken cancellationToken)
    {
        var comparisons = new List<TableComparison>();
        foreach (var table in pipeline.Tables)
        {
            comparisons.Add(await CompareAsync(table, changes, cancellationToken));
        }

        return comparisons;
    }

    /// <summary>Compares one table: the final table with the source's rows, the change log with the second slot's changes.</summary>
    public async Task<TableComparison> CompareAsync(
        ReplicatedTable table, IReadOnlyList<Change> changes, CancellationToken cancellationToken)
    {
        var columns = await expectation.ColumnsAsync(table, cancellationToken);
        var names = string.Join(", ", columns.Select(column => $"\"{column.Name}\""));
        int? finalRows = null;
        RowDifference? final = null;
        if (table.HasKey)
        {
            var found = RowSet.Of(columns, await RowsAsync($"SELECT {names} FROM \"{table.FinalName}\"", cancellationToken));
            finalRows = found.Count;
            final = (await expectation.FinalAsync(table, columns, cancellationToken)).Without(found);
        }

        SourceColumn[] logColumns = [Expectation.Operation, .. columns];
        SourceColumn[] placedColumns = [.. logColumns, Expectation.Place(table, "_number")];
        var place = Expectation.Place(table, "\"_seq\"").Expression;
        // Rows of the full load have no sequence.
        var logged = RowSet.Of(
            placedColumns,
            await RowsAsync($"SELECT \"_op\", {names}, {place} FROM \"{table.LogName}\" WHERE \"_seq\" <> ''", cancellationToken));
        var loaded = RowSet.Of(
            logColumns, await RowsAsync($"SELECT \"_op\", {names} FROM \"{table.LogName}\" WHERE \"_seq\" = ''", cancellationToken));
        var own = changes.Where(
            change => change.Schema == table.Schema && change.Table == table.Name && (table.HasKey || change.Operation == "I"));
        var expected = await expectation.LogAsync(table, placedColumns, own, cancellationToken);
        return new TableComparison(
            table.Qualified,
            await expectation.SourceRowsAsync(table, cancellationToken),
            finalRows,
            final,
            logged.Count + loaded.Count,
            expected.Without(logged),
            table.HasKey
                ? null
                : (await expectation.LoadedAsync(table, [Expectation.LoadedOperation, .. columns], cancellationToken)).Without(loaded));
    }

    private async Task<IReadOnlyList<IReadOnlyList<string?>>> RowsAsync(string sql, CancellationToken cancellationToken)
    {
        try
        {
            return (await athena.RunAsync(sql, cancellationToken)).Rows;
        }
        catch (AthenaQueryException missing) when (missing.Message.Contains("TABLE_OR_VIEW_NOT_FOUND", StringComparison.Ordinal)
            || missing.Message.Contains("TABLE_NOT_FOUND", StringComparison.Ordinal))
        {
            // The job has not made it yet.
            return [];
        }
    }
}
