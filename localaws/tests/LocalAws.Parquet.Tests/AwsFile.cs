using LocalAws.Parquet.Tests.Reading;

namespace LocalAws.Parquet.Tests;

/// <summary>The file that AWS DMS itself wrote, its rows, and the settings that it was written with.</summary>
/// <param name="Bytes">The file.</param>
/// <param name="Rows">Its rows, as ParquetSharp reads them.</param>
internal sealed record AwsFile(byte[] Bytes, IReadOnlyList<object?[]> Rows)
{
    /// <summary>The columns by their PostgreSQL types (the file's README), not copied from the file's schema.</summary>
    public static readonly IReadOnlyList<ParquetColumn> Columns =
    [
        ParquetColumn.Text("DMS_TIMESTAMP", required: true),
        new("id", PhysicalType.Int64),
        new("my_int", PhysicalType.Int32),
        new("my_smallint", PhysicalType.Int32, ConvertedType.Int16),
        ParquetColumn.Decimal("my_numeric", 15, 2),
        new("my_real", PhysicalType.Float),
        new("my_double", PhysicalType.Double),
        ParquetColumn.Decimal("my_money", 38, 4),
        ParquetColumn.Text("my_varchar"),
        ParquetColumn.Text("my_text"),
        new("my_bytea", PhysicalType.ByteArray),
        new("my_timestamp", PhysicalType.Int64, ConvertedType.TimestampMillis),
        ParquetColumn.Text("my_uuid"),
        ParquetColumn.Text("my_json"),
        ParquetColumn.Text("my_jsonb"),
        new("my_bool", PhysicalType.Boolean),
    ];

    /// <summary>What the file shows of the endpoint's settings.</summary>
    public static readonly ParquetWriterOptions Settings = new() { Encoding = EncodingType.Plain, Version = ParquetVersion.Version2 };

    /// <summary>Reads it from where the build puts it.</summary>
    public static AwsFile Load()
    {
        var bytes = File.ReadAllBytes(
            Path.Combine(AppContext.BaseDirectory, "conformance", "parquet-2022", "dms_test_table_LOAD00000001.parquet"));
        var contents = ParquetContents.Read(bytes);
        return new AwsFile(
            bytes,
            [.. Enumerable.Range(0, contents.Rows).Select(row => contents.Columns.Select(column => column.Values[row]).ToArray())]);
    }
}
