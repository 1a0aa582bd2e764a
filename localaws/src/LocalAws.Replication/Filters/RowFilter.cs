using LocalAws.Replication.Changes;
using LocalAws.Replication.Mapping;
using LocalAws.Replication.Source;
using LocalAws.Replication.Values;

namespace LocalAws.Replication.Filters;

/// <summary>
/// A selection rule's filters over a row's image. Loads and changes are judged by the same lines, whatever the database would say:
/// numbers by their value, moments by their time, texts by their bytes without the blanks that fill char(n).
/// </summary>
internal sealed class RowFilter
{
    private readonly IReadOnlyList<(IReadOnlyList<ColumnCondition> Conditions, int Index)> _filters;

    /// <exception cref="TableFaultException">A filter names a column that the table lacks, or a value that its type cannot
    /// have.</exception>
    public RowFilter(SourceTable table, IReadOnlyList<ColumnFilter> filters)
    {
        var columns = table.Columns.ToList();
        var named = filters.Select(filter => (Filter: filter, Index: columns.FindIndex(column => column.Name == filter.Column))).ToList();
        if (named.FirstOrDefault(pair => pair.Index < 0).Filter is { } missing)
        {
            throw new TableFaultException(
                $"A filter names column '{missing.Column}', which table {table.Display} does not have: correct the filter, then start the "
                + "task with reload-target.");
        }

        _filters =
        [
            .. named.Select(pair => (
                (IReadOnlyList<ColumnCondition>)[
                    .. pair.Filter.Conditions.Select(condition => new ColumnCondition(table, columns[pair.Index], condition))
                ],
                pair.Index)),
        ];
        // The log has no more of a deleted row than this.
        JudgesOldRows = table.Identity == ReplicaIdentity.Full
            || (table.Identity == ReplicaIdentity.PrimaryKey && named.TrueForAll(pair => columns[pair.Index].IsPrimaryKey));
    }

    public bool IsEmpty => _filters.Count == 0;

    /// <summary>Whether the log has enough of a deleted row to judge it.</summary>
    public bool JudgesOldRows { get; }

    /// <summary>Whether the row is wanted.</summary>
    /// <param name="row">The row.</param>
    /// <param name="fallback">Where the values are that the row's image lacks because the change did not touch them; null: nowhere.</param>
    public bool Matches(RowImage row, RowImage? fallback = null)
    {
        foreach (var (conditions, index) in _filters)
        {
            var image = row.IsUnchanged(index) ? fallback : row;
            var matches = false;
            foreach (var condition in conditions)
            {
                matches |= image is not null && image.HasValue(index) ? condition.Matches(image[index]) : condition.MatchesNull;
            }

            if (!matches)
            {
                return false;
            }
        }

        return true;
    }
}
