using System.Globalization;
using System.Text;
using LocalAws.Replication.Mapping;
using LocalAws.Replication.Source;
using LocalAws.Replication.Values;

namespace LocalAws.Replication.Changes;

/// <summary>A selection rule's filters: as SQL for the load, and over a row's image for changes. Texts compare by their bytes in both.</summary>
internal sealed class RowFilter
{
    private readonly IReadOnlyList<(ColumnFilter Filter, SourceColumn Column, int Index)> _filters;

    /// <exception cref="ReplicationException">A filter names a column that the table lacks.</exception>
    public RowFilter(SourceTable table, IReadOnlyList<ColumnFilter> filters)
    {
        _filters =
        [
            .. filters.Select(filter =>
            {
                var index = table.Columns.ToList().FindIndex(column => column.Name == filter.Column);
                return index >= 0
                    ? (filter, table.Columns[index], index)
                    : throw new ReplicationException($"A filter names column '{filter.Column}', which table {table.Display} does not have.");
            }),
        ];
    }

    public bool IsEmpty => _filters.Count == 0;

    /// <summary>Whether a deleted row's image, which may have the key alone, can be judged.</summary>
    public bool NeedsOnlyKeys => _filters.All(filter => filter.Column.IsPrimaryKey);

    /// <summary>The condition for WHERE.</summary>
    public string ToSql() => string.Join(" AND ", _filters.Select(filter =>
        "(" + string.Join(" OR ", filter.Filter.Conditions.Select(condition => ToSql(filter.Column, condition))) + ")"));

    public bool Matches(RowImage row)
    {
        foreach (var (filter, column, index) in _filters)
        {
            var matches = false;
            foreach (var condition in filter.Conditions)
            {
                matches |= Matches(row, index, column, condition);
            }

            if (!matches)
            {
                return false;
            }
        }

        return true;
    }

    private static string ToSql(SourceColumn column, FilterCondition condition)
    {
        var comparesText = !IsNumber(column) && !IsMoment(column);
        var name = Sql.Identifier(column.Name) + (comparesText ? "::text COLLATE \"C\"" : "");
        string Value(string? text) => Sql.Literal(text!) + (comparesText ? "" : $"::{column.Type.Name}");
        return condition.Operator switch
        {
            "lte" => $"{name} <= {Value(condition.Value)}",
            "gte" => $"{name} >= {Value(condition.Value)}",
            "eq" => $"{name} = {Value(condition.Value)}",
            "noteq" => $"{name} <> {Value(condition.Value)}",
            "between" => $"{name} BETWEEN {Value(condition.Value)} AND {Value(condition.End)}",
            "notbetween" => $"{name} NOT BETWEEN {Value(condition.Value)} AND {Value(condition.End)}",
            "null" => $"{Sql.Identifier(column.Name)} IS NULL",
            _ => $"{Sql.Identifier(column.Name)} IS NOT NULL",
        };
    }

    private static bool Matches(RowImage row, int index, SourceColumn column, FilterCondition condition)
    {
        var hasValue = row.HasValue(index);
        if (condition.Operator is "null" or "notnull")
        {
            return hasValue == (condition.Operator == "notnull");
        }

        return hasValue && condition.Operator switch
        {
            "lte" => Compare(row[index], column, condition.Value!) <= 0,
            "gte" => Compare(row[index], column, condition.Value!) >= 0,
            "eq" => Compare(row[index], column, condition.Value!) == 0,
            "noteq" => Compare(row[index], column, condition.Value!) != 0,
            "between" => Compare(row[index], column, condition.Value!) >= 0 && Compare(row[index], column, condition.End!) <= 0,
            _ => Compare(row[index], column, condition.Value!) < 0 || Compare(row[index], column, condition.End!) > 0,
        };
    }

    private static int Compare(ReadOnlySpan<byte> text, SourceColumn column, string value)
    {
        var bytes = Encoding.UTF8.GetBytes(value);
        if (IsNumber(column)
            && decimal.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var left)
            && decimal.TryParse(bytes, NumberStyles.Float, CultureInfo.InvariantCulture, out var right))
        {
            return left.CompareTo(right);
        }

        if (IsMoment(column) && TryMoment(text, out var leftMicros) && TryMoment(bytes, out var rightMicros))
        {
            return leftMicros.CompareTo(rightMicros);
        }

        return text.SequenceCompareTo(bytes);
    }

    private static bool TryMoment(ReadOnlySpan<byte> text, out long micros)
    {
        if (PgText.TryTimestamp(text, out micros))
        {
            return true;
        }

        var parsed = PgText.TryDate(text, out var days);
        micros = days * 86_400_000_000L;
        return parsed;
    }

    private static bool IsNumber(SourceColumn column) =>
        column.Type.Oid is PgOids.Int2 or PgOids.Int4 or PgOids.Int8 or PgOids.Float4 or PgOids.Float8 or PgOids.Numeric;

    private static bool IsMoment(SourceColumn column) =>
        column.Type.Oid is PgOids.Date or PgOids.Timestamp or PgOids.TimestampTz;
}
