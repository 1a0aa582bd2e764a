using LocalAws.Parquet;
using LocalAws.Replication.Values;

namespace LocalAws.Replication.Files;

/// <summary>Kinds of values to Parquet columns, as DMS has them.</summary>
internal static class ParquetTypes
{
    public static ParquetColumn Column(OutputColumn column, bool millis) => column.Kind switch
    {
        // Seen in DMS's own files: its timestamp column is the only required one.
        OutputKind.Timestamp => ParquetColumn.Text(column.Name, required: true),
        _ => Column(column.Name, column.Type, millis),
    };

    private static ParquetColumn Column(string name, ColumnType type, bool millis) => type.Kind switch
    {
        ValueKind.Boolean => new(name, PhysicalType.Boolean),
        ValueKind.Int16 => new(name, PhysicalType.Int32, ConvertedType.Int16),
        ValueKind.Int32 => new(name, PhysicalType.Int32),
        ValueKind.Int64 => new(name, PhysicalType.Int64),
        ValueKind.Float => new(name, PhysicalType.Float),
        ValueKind.Double => new(name, PhysicalType.Double),
        ValueKind.Decimal => ParquetColumn.Decimal(name, type.Precision, type.Scale),
        ValueKind.Bytes => new(name, PhysicalType.ByteArray),
        ValueKind.Date => new(name, PhysicalType.Int32, ConvertedType.Date),
        ValueKind.Time => new(name, PhysicalType.Int32, ConvertedType.TimeMillis),
        ValueKind.Timestamp => new(name, PhysicalType.Int64, millis ? ConvertedType.TimestampMillis : ConvertedType.TimestampMicros),
        _ => ParquetColumn.Text(name),
    };
}
