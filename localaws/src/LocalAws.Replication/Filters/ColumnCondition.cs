using System.Text;
using LocalAws.Replication.Changes;
using LocalAws.Replication.Mapping;
using LocalAws.Replication.Source;
using LocalAws.Replication.Values;

namespace LocalAws.Replication.Filters;

/// <summary>One condition of a filter on one column.</summary>
internal sealed class ColumnCondition
{
    private const long MicrosPerDay = 86_400_000_000;

    private delegate int Comparison(ReadOnlySpan<byte> left, ReadOnlySpan<byte> right);

    private readonly string _operator;
    private readonly Comparison _compare;
    private readonly byte[] _value;
    private readonly byte[] _end;

    /// <exception cref="TableFaultException">The column's type cannot have the value.</exception>
    public ColumnCondition(SourceTable table, SourceColumn column, FilterCondition condition)
    {
        _operator = condition.Operator;
        _value = Encoding.UTF8.GetBytes(condition.Value ?? "");
        _end = Encoding.UTF8.GetBytes(condition.End ?? "");
        _compare = For(column.Type);
        foreach (var value in new[] { condition.Value, condition.End }.OfType<string>())
        {
            if (!IsValid(column.Type, Encoding.UTF8.GetBytes(value)))
            {
                throw new TableFaultException(
                    $"A filter compares column '{column.Name}' of table {table.Display}, a {column.Type.Name}, with "
                    + $"'{value}', which is none: "
                    + "correct the filter, then start the task with reload-target.");
            }
        }
    }

    /// <summary>Whether NULL satisfies it.</summary>
    public bool MatchesNull => _operator == "null";

    /// <summary>Whether a value satisfies it.</summary>
    public bool Matches(ReadOnlySpan<byte> value) => _operator switch
    {
        "lte" => _compare(value, _value) <= 0,
        "gte" => _compare(value, _value) >= 0,
        "eq" => _compare(value, _value) == 0,
        "noteq" => _compare(value, _value) != 0,
        "between" => _compare(value, _value) >= 0 && _compare(value, _end) <= 0,
        "notbetween" => _compare(value, _value) < 0 || _compare(value, _end) > 0,
        "null" => false,
        _ => true,
    };

    private static Comparison For(PgType type) => type.Oid switch
    {
        _ when IsNumber(type) => NumberText.Compare,
        PgOids.Date or PgOids.Timestamp or PgOids.TimestampTz => static (left, right) => Moment(left).CompareTo(Moment(right)),
        PgOids.Time or PgOids.TimeTz => static (left, right) => Time(left).CompareTo(Time(right)),
        PgOids.Boolean => static (left, right) => Truth(left).GetValueOrDefault().CompareTo(Truth(right).GetValueOrDefault()),
        PgOids.Character => static (left, right) => left.TrimEnd((byte)' ').SequenceCompareTo(right.TrimEnd((byte)' ')),
        _ => static (left, right) => left.SequenceCompareTo(right),
    };

    private static bool IsValid(PgType type, ReadOnlySpan<byte> value) => type.Oid switch
    {
        _ when IsNumber(type) => NumberText.IsNumber(value),
        PgOids.Date or PgOids.Timestamp or PgOids.TimestampTz => PgText.TryTimestamp(value, out _) || PgText.TryDate(value, out _),
        PgOids.Time or PgOids.TimeTz => PgText.TryTime(value, out _),
        PgOids.Boolean => Truth(value) is not null,
        _ => true,
    };

    private static bool IsNumber(PgType type) =>
        type.Oid is PgOids.Int2 or PgOids.Int4 or PgOids.Int8 or PgOids.Float4 or PgOids.Float8 or PgOids.Numeric or PgOids.Money;

    private static long Moment(ReadOnlySpan<byte> text)
    {
        if (PgText.TryTimestamp(text, out var micros))
        {
            return micros;
        }

        PgText.TryDate(text, out var days);
        return days * MicrosPerDay;
    }

    private static long Time(ReadOnlySpan<byte> text)
    {
        PgText.TryTime(text, out var micros);
        return micros;
    }

    /// <summary>The spellings that PostgreSQL takes.</summary>
    private static bool? Truth(ReadOnlySpan<byte> text) => Encoding.UTF8.GetString(text).Trim().ToLowerInvariant() switch
    {
        "t" or "tr" or "tru" or "true" or "y" or "ye" or "yes" or "on" or "1" => true,
        "f" or "fa" or "fal" or "fals" or "false" or "n" or "no" or "of" or "off" or "0" => false,
        _ => null,
    };
}
