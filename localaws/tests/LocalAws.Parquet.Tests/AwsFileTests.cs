using FluentAssertions;
using LocalAws.Parquet.Tests.Reading;

namespace LocalAws.Parquet.Tests;

/// <summary>Compares the writer with the file that AWS DMS itself wrote (see conformance/parquet-2022).</summary>
public sealed class AwsFileTests
{
    private static readonly byte[] Aws =
        File.ReadAllBytes(Path.Combine(AppContext.BaseDirectory, "conformance", "parquet-2022", "dms_test_table_LOAD00000001.parquet"));

    // The columns by their PostgreSQL types (the file's README), not copied from the file's schema.
    private static readonly ParquetColumn[] Columns =
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

    private static readonly ParquetWriterOptions Settings = new() { Encoding = EncodingType.Plain, Version = ParquetVersion.Version2 };

    [Fact]
    public void The_same_ten_rows_and_settings_give_the_schema_and_footer_that_AWS_wrote()
    {
        var aws = ParquetFile.Read(Aws);

        var ours = ParquetFile.Read(Rows.Write(Columns, Transpose(aws), Settings));

        ours.Footer.ToString().Should().Be(aws.Footer.ToString());
        ours.Pages.Select(page => page.Header.ToString()).Should().Equal(aws.Pages.Select(page => page.Header.ToString()));
    }

    [Fact]
    public void The_same_ten_rows_and_settings_give_the_bytes_that_AWS_wrote()
    {
        var ours = Rows.Write(Columns, Transpose(ParquetFile.Read(Aws)), Settings);

        ours.Should().Equal(Aws);
    }

    private static IEnumerable<object?[]> Transpose(ParquetFile file) =>
        Enumerable.Range(0, (int)file.Rows).Select(row => file.Columns.Select(column => column.Values[row]).ToArray());
}
