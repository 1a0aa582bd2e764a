namespace Cdc.Harness.Comparison;

/// <summary>Whole rows with how often each occurs.</summary>
public sealed class RowSet
{
    private readonly Dictionary<string, int> _rows = new(StringComparer.Ordinal);

    /// <summary>Number of rows, equal ones counted each.</summary>
    public int Count { get; private set; }

    /// <summary>Rows as texts that are equal where the values are, whichever side wrote them.</summary>
    /// <param name="columns">Names and types, in the order of the values.</param>
    /// <param name="rows">Values as text; null is NULL.</param>
    public static RowSet Of(IReadOnlyList<SourceColumn> columns, IEnumerable<IReadOnlyList<string?>> rows)
    {
        var set = new RowSet();
        foreach (var row in rows)
        {
            set.Add(
                string.Join(
                    " | ",
                    columns.Select((column, index) =>
                        $"{column.Name}="
                        + $"{CanonicalValue.Of(row[index], column.Type) switch { null => "NULL", var value => $"'{value}'" }}")));
        }

        return set;
    }

    /// <summary>What of these rows the other set lacks, and what it has beyond them.</summary>
    public RowDifference Without(RowSet other) => new(Missing(this, other), Missing(other, this));

    private void Add(string row)
    {
        _rows[row] = _rows.GetValueOrDefault(row) + 1;
        Count++;
    }

    private static List<string> Missing(RowSet from, RowSet into) =>
        [.. from._rows.SelectMany(row => Enumerable.Repeat(row.Key, Math.Max(0, row.Value - into._rows.GetValueOrDefault(row.Key))))];
}
