using FluentAssertions;
using FsCheck;
using FsCheck.Fluent;
using FsCheck.Xunit;
using LocalAws.Parquet.Tests.Reading;

namespace LocalAws.Parquet.Tests;

/// <summary>Whatever is written comes back through a reader that shares no code with the writer.</summary>
public sealed class RoundTripTests
{
    private static readonly ParquetColumn[] Columns =
    [
        new("boolean", PhysicalType.Boolean),
        new("int", PhysicalType.Int32),
        new("long", PhysicalType.Int64),
        new("float", PhysicalType.Float),
        new("double", PhysicalType.Double),
        ParquetColumn.Text("text"),
        ParquetColumn.Decimal("decimal", 12, 2),
        ParquetColumn.Text("required", required: true),
    ];

    public static Arbitrary<ParquetWriterOptions> Options() => Arb.From(
        from encoding in Gen.Elements(EncodingType.Plain, EncodingType.PlainDictionary, EncodingType.RleDictionary)
        from version in Gen.Elements(ParquetVersion.Version1, ParquetVersion.Version2)
        from codec in Gen.Elements(CompressionCodec.Uncompressed, CompressionCodec.Gzip)
        from statistics in Gen.Elements(true, false)
        from rowGroup in Gen.Elements(1, 7, 64, 10_000)
        from page in Gen.Elements(1, 50, 1024 * 1024)
        from dictionary in Gen.Elements(0, 8, 40, 1024 * 1024)
        select new ParquetWriterOptions
        {
            Encoding = encoding,
            Version = version,
            Compression = codec,
            Statistics = statistics,
            RowGroupLength = rowGroup,
            DataPageSize = page,
            DictionaryPageSizeLimit = dictionary,
        });

    public static Arbitrary<object?[][]> Table()
    {
        var row =
            from boolean in Nullable(Gen.Elements<object?>(true, false))
            from integer in Nullable(Gen.Choose(-3, 3).Select(n => (object?)n))
            from number in Nullable(ArbMap.Default.GeneratorFor<long>().Select(n => (object?)n))
            from single in Nullable(Gen.Elements<object?>(0f, -0f, float.NaN, float.MinValue, 1.5f))
            from real in Nullable(ArbMap.Default.GeneratorFor<double>().Select(n => (object?)n))
            from text in Nullable(Bytes(0, 12))
            from dec in Nullable(Bytes(6, 6))
            from required in Bytes(0, 3)
            select new[] { boolean, integer, number, single, real, text, dec, required };
        return Arb.From(row.ArrayOf());
    }

    [Property(MaxTest = 300, Arbitrary = [typeof(RoundTripTests)])]
    public void Rows_come_back_as_they_were_written(object?[][] table, ParquetWriterOptions options)
    {
        var file = ParquetFile.Read(Rows.Write(Columns, table, options));

        file.Rows.Should().Be(table.Length);
        for (var i = 0; i < Columns.Length; i++)
        {
            file.Columns[i].Values.Select(Bits).Should().Equal(table.Select(row => Bits(row[i])));
        }
    }

    [Property(MaxTest = 100, Arbitrary = [typeof(RoundTripTests)])]
    public void Row_groups_are_of_the_set_length(object?[][] table, ParquetWriterOptions options)
    {
        var file = ParquetFile.Read(Rows.Write(Columns, table, options));

        file.RowGroups.Select(group => (int)group.Integer(3)).Should()
            .Equal(table.Chunk(options.RowGroupLength).Select(chunk => chunk.Length));
    }

    private static Gen<object?> Nullable(Gen<object?> values) =>
        Gen.Frequency((1, Gen.Constant<object?>(null)), (4, values));

    private static Gen<object?> Bytes(int shortest, int longest) =>
        from length in Gen.Choose(shortest, longest)
        from bytes in Gen.Choose(0, 255).Select(value => (byte)value).ArrayOf(length)
        select (object?)bytes;

    // NaN and the two zeros are told apart, as they are in the file.
    private static string Bits(object? value) => value switch
    {
        null => "NULL",
        byte[] bytes => Convert.ToHexString(bytes),
        float single => "f" + BitConverter.SingleToInt32Bits(single),
        double real => "d" + BitConverter.DoubleToInt64Bits(real),
        _ => value.ToString()!,
    };
}
