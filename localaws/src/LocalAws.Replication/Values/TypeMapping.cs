using LocalAws.Replication.Settings;
using LocalAws.Replication.Source;

namespace LocalAws.Replication.Values;

/// <summary>PostgreSQL types to kinds, as DMS maps them; a type that is not in its table becomes text.</summary>
internal sealed class TypeMapping(PostgreSqlSourceSettings source, S3TargetSettings target)
{
    private const int LongestDecimal = 38;
    private const int LongVarchar = 8000;

    public ColumnType Map(PgType type) => type.Oid switch
    {
        PgOids.Boolean => new ColumnType(source.MapBooleanAsBoolean ? ValueKind.Boolean : ValueKind.BooleanText),
        PgOids.Int2 => new ColumnType(ValueKind.Int16),
        PgOids.Int4 => new ColumnType(ValueKind.Int32),
        PgOids.Int8 => new ColumnType(ValueKind.Int64),
        PgOids.Float4 => new ColumnType(ValueKind.Float),
        PgOids.Float8 => new ColumnType(ValueKind.Double),
        PgOids.Numeric => Numeric(type),
        PgOids.Money => new ColumnType(ValueKind.Decimal, LongestDecimal, 4),
        PgOids.Character => new ColumnType(ValueKind.Text, TrimBlanks: source.TrimSpaceInChar && !target.AddTrailingPaddingCharacter),
        PgOids.Varchar when type.Length < 0 => source.MapLongVarcharAsWstring
            ? new ColumnType(ValueKind.Text, MaxCharacters: LongVarchar)
            : new ColumnType(ValueKind.Text, IsLob: true),
        PgOids.Varchar => new ColumnType(ValueKind.Text),
        PgOids.Bytea => new ColumnType(ValueKind.Bytes, IsLob: true),
        PgOids.Date => new ColumnType(ValueKind.Date),
        PgOids.Time or PgOids.TimeTz => new ColumnType(ValueKind.Time),
        PgOids.Timestamp or PgOids.TimestampTz => new ColumnType(ValueKind.Timestamp),
        PgOids.Text or PgOids.Json or PgOids.Jsonb or PgOids.Xml or PgOids.TsVector => new ColumnType(ValueKind.Text, IsLob: true),
        _ when type.IsArray || type.IsComposite => new ColumnType(ValueKind.Text, IsLob: true),
        _ => new ColumnType(ValueKind.Text, MaxCharacters: ValueLimit.LongestText),
    };

    private ColumnType Numeric(PgType type)
    {
        if (type.Precision < 0)
        {
            return source.MapUnboundedNumericAsString ? new ColumnType(ValueKind.Text) : new ColumnType(ValueKind.Decimal, 28, 6);
        }

        return type.Precision > LongestDecimal || type.Scale < 0 || type.Scale > type.Precision
            ? new ColumnType(ValueKind.Text)
            : new ColumnType(ValueKind.Decimal, type.Precision, type.Scale);
    }
}
