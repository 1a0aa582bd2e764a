namespace Cdc.Harness.Comparison;

/// <summary>Whole rows with how often each occurs.</summary>
public sealed class RowSet
{
    private readonly Dictionary<string, int> _rows = new(StringComparer.Ordinal);

    public int Count { get; private set; }

    /// <param name="columns">Names and types, in the order of the values.</param>
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

    public RowDifference Without(RowSet other) => new(Missing(this, other), Missing(other, this));

    private void Add(string row)
    {
        _rows[row] = _rows.GetValueOrDefault(row) + 1;
        Count++;
    }

    private static List<string> Missing(RowSet from, RowSet into) =>
        [.. from._rows.SelectMany(row => Enumerable.Repeat(row.Key, Math.Max(0, row.Value - into._rows.GetValueOrDefault(row.Key))))];
}
