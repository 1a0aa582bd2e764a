using FluentAssertions;
using FsCheck;
using FsCheck.Fluent;
using FsCheck.Xunit;
using LocalAws.Parquet.Tests.Headers;
using LocalAws.Parquet.Tests.Reading;
using ParquetSharp;
using Encoding = ParquetSharp.Encoding;

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
        var file = ParquetContents.Read(Rows.Write(Columns, table, options));

        file.Rows.Should().Be(table.Length);
        for (var i = 0; i < Columns.Length; i++)
        {
            file.Columns[i].Values.Select(Bits.Of).Should().Equal(table.Select(row => Bits.Of(row[i])));
        }
    }

    [Property(MaxTest = 100, Arbitrary = [typeof(RoundTripTests)])]
    public void Row_groups_are_of_the_set_length(object?[][] table, ParquetWriterOptions options)
    {
        var file = ParquetContents.Read(Rows.Write(Columns, table, options));

        file.GroupRows.Should().Equal(table.Chunk(options.RowGroupLength).Select(chunk => chunk.Length));
    }

    [Property(MaxTest = 100, Arbitrary = [typeof(RoundTripTests)])]
    public void Statistics_are_those_of_the_values_in_chunk_and_page(object?[][] table, ParquetWriterOptions options)
    {
        var file = Rows.Write(Columns, table, options with { Statistics = true });

        using var reader = new ParquetFileReader(new MemoryStream(file));
        var pages = FileHeaders.Read(file).Pages;
        foreach (var (number, rows) in table.Chunk(options.RowGroupLength).Index())
        {
            using var group = reader.RowGroup(number);
            for (var i = 0; i < Columns.Length; i++)
            {
                if (Columns[i].Converted == ConvertedType.Decimal)
                {
                    continue;
                }

                using var chunk = group.MetaData.GetColumnChunkMetaData(i);
                using var statistics = chunk.Statistics!;
                var seen = statistics.HasMinMax
                    ? new Extremes(Bits.Of(statistics.MinUntyped), Bits.Of(statistics.MaxUntyped), statistics.NullCount)
                    : new Extremes(null, null, statistics.NullCount);
                seen.Should().Be(Extremes.Of(rows.Select(row => row[i])));
                var first = 0;
                foreach (var page in pages.Where(page => page.Group == number && page.Column == i && !page.IsDictionary))
                {
                    OfPage(page, Columns[i].Type).Should().Be(Extremes.Of(rows[first..(first + page.Count)].Select(row => row[i])));
                    first += page.Count;
                }
            }
        }
    }

    [Property(MaxTest = 100, Arbitrary = [typeof(RoundTripTests)])]
    public void The_footer_sums_up_what_the_pages_say(object?[][] table, ParquetWriterOptions options)
    {
        var file = Rows.Write(Columns, table, options);

        var headers = FileHeaders.Read(file);
        foreach (var (number, group) in headers.Footer.Structs(4).Index())
        {
            foreach (var (column, chunk) in group.Structs(1).Index())
            {
                var metadata = chunk.Struct(3);
                var pages = headers.Pages.Where(page => page.Group == number && page.Column == column).ToList();
                var data = pages.Where(page => !page.IsDictionary).ToList();
                metadata.Integer(5).Should().Be(data.Sum(page => page.Count)).And.Be(group.Integer(3));
                metadata.Integer(6).Should().Be(pages.Sum(page => page.UncompressedSize));
                metadata.Integer(9).Should().Be(data[0].Position);
                metadata.Has(11).Should().Be(pages[0].IsDictionary);
                metadata.Int32s(2).Should().BeEquivalentTo(pages.Select(page => page.Encoding).Append((int)Encoding.Rle).Distinct());
                // The chunk's own copy of its metadata stands behind its pages.
                var copy = chunk.Int32(2);
                copy.Should().Be(pages[^1].Position + pages[^1].Size);
                ThriftStruct.Read(file, ref copy).ToString().Should().Be(chunk.ToString());
            }

            group.Integer(2).Should().Be(group.Structs(1).Sum(chunk => chunk.Struct(3).Integer(6)));
        }
    }

    private static Extremes OfPage(PageHeader page, PhysicalType type)
    {
        string? Bound(int field) => page.Statistics.Has(field) ? Bits.Of(page.Statistics.Bytes(field), type) : null;
        return new Extremes(Bound(2), Bound(1), page.Statistics.Integer(3));
    }

    private static Gen<object?> Nullable(Gen<object?> values) =>
        Gen.Frequency((1, Gen.Constant<object?>(null)), (4, values));

    private static Gen<object?> Bytes(int shortest, int longest) =>
        from length in Gen.Choose(shortest, longest)
        from bytes in Gen.Choose(0, 255).Select(value => (byte)value).ArrayOf(length)
        select (object?)bytes;
}
