using FluentAssertions;
using LocalAws.Parquet.Tests.Headers;
using LocalAws.Parquet.Tests.Reading;
using ParquetSharp;
using Encoding = ParquetSharp.Encoding;

namespace LocalAws.Parquet.Tests;

/// <summary>The endpoint's settings show in the file.</summary>
public sealed class EncodingTests
{
    private static readonly ParquetColumn[] Text = [ParquetColumn.Text("t")];
    private static readonly ParquetColumn[] Number = [new("n", PhysicalType.Int32)];

    [Fact]
    public void Values_behind_the_dictionary_limit_are_plain()
    {
        var rows = Enumerable.Range(0, 100).Select(i => new object?[] { BitConverter.GetBytes(i) });

        var file = Rows.Write(Text, rows, new ParquetWriterOptions { DictionaryPageSizeLimit = 80 });

        // A dictionary entry takes 8 bytes: 4 of length, 4 of value.
        FileHeaders.Read(file).Pages.Select(page => (page.IsDictionary, (Encoding)page.Encoding, page.Count)).Should().Equal(
            (true, Encoding.Plain, 10), (false, Encoding.RleDictionary, 10), (false, Encoding.Plain, 90));
        ParquetContents.Read(file)["t"].PageRows.Should().Equal(10, 90);
    }

    [Theory]
    [InlineData(EncodingType.Plain, new[] { Encoding.Plain, Encoding.Rle }, new[] { Encoding.Plain })]
    [InlineData(
        EncodingType.PlainDictionary,
        new[] { Encoding.PlainDictionary, Encoding.Rle },
        new[] { Encoding.PlainDictionary, Encoding.PlainDictionary })]
    [InlineData(
        EncodingType.RleDictionary,
        new[] { Encoding.RleDictionary, Encoding.Plain, Encoding.Rle },
        new[] { Encoding.Plain, Encoding.RleDictionary })]
    public void An_encoding_has_its_numbers_in_footer_and_pages(EncodingType encoding, Encoding[] chunk, Encoding[] pages)
    {
        var file = Rows.Write(Text, [["a"u8.ToArray()]], new ParquetWriterOptions { Encoding = encoding });

        FromChunk(file, found => found.Encodings).Should().Equal(chunk);
        // ParquetSharp takes either number of the dictionary for the other.
        FileHeaders.Read(file).Pages.Select(page => (Encoding)page.Encoding).Should().Equal(pages);
    }

    [Fact]
    public void A_page_of_plain_values_ends_where_its_size_is_reached()
    {
        var rows = Enumerable.Range(0, 1000).Select(i => new object?[] { i % 2 == 0 ? i : null });
        var options = new ParquetWriterOptions { Encoding = EncodingType.Plain, DataPageSize = 398 };

        // A hundred values of four bytes, and as many NULLs, which take none.
        ParquetContents.Read(Rows.Write(Number, rows, options))["n"].PageRows
            .Should().Equal(199, 200, 200, 200, 200, 1);
    }

    [Fact]
    public void A_page_of_indexes_ends_where_its_size_is_reached()
    {
        var rows = Enumerable.Range(0, 1000).Select(i => new object?[] { i % 16 });
        var options = new ParquetWriterOptions { DataPageSize = 150 };

        // Sixteen values have indexes of four bits.
        ParquetContents.Read(Rows.Write(Number, rows, options))["n"].PageRows.Should().Equal(300, 300, 300, 100);
    }

    [Fact]
    public void Without_statistics_neither_chunks_nor_pages_have_any()
    {
        var file = Rows.Write(Text, [["a"u8.ToArray()]], new ParquetWriterOptions { Statistics = false });

        FromChunk(file, chunk => chunk.IsStatsSet).Should().BeFalse();
        FileHeaders.Read(file).Pages[^1].Statistics.Fields.Should().BeEmpty();
    }

    [Fact]
    public void Statistics_count_nulls_and_leave_NaN_out()
    {
        ParquetColumn[] columns = [new("d", PhysicalType.Double)];

        var file = Rows.Write(columns, [[double.NaN], [null], [0.0], [-5.0]], new ParquetWriterOptions());

        FromChunk(file, Statistics).Should().Be(new Extremes(Bits.Of(-5.0), Bits.Of(0.0), 1));
    }

    [Fact]
    public void Decimals_have_no_statistics()
    {
        var file = Rows.Write([ParquetColumn.Decimal("d", 2, 0)], [[new byte[] { 1 }]], new ParquetWriterOptions());

        FromChunk(file, chunk => chunk.IsStatsSet).Should().BeFalse();
        FileHeaders.Read(file).Pages[^1].Statistics.Fields.Should().BeEmpty();
    }

    [Theory]
    [InlineData(ParquetVersion.Version1, ParquetSharp.ParquetVersion.PARQUET_1_0, 1)]
    [InlineData(ParquetVersion.Version2, ParquetSharp.ParquetVersion.PARQUET_2_6, 2)]
    public void The_footer_states_the_format_version(ParquetVersion version, ParquetSharp.ParquetVersion read, int number)
    {
        var file = Rows.Write(Text, [], new ParquetWriterOptions { Version = version });

        FromFile(file, metadata => metadata.Version).Should().Be(read);
        FileHeaders.Read(file).Footer.Integer(1).Should().Be(number);
    }

    [Fact]
    public void A_wide_row_group_ends_before_its_length()
    {
        var rows = Enumerable.Range(0, 256).Select(_ => new object?[] { new byte[1000] });

        var lengths = ParquetContents.Read(Rows.Write(Text, rows, new ParquetWriterOptions { RowGroupBytes = 100_000 })).GroupRows;

        lengths.Sum().Should().Be(256);
        lengths.Should().OnlyContain(rows => rows <= 101).And.HaveCount(3);
    }

    [Theory]
    [InlineData(4096, true)]
    [InlineData(4097, false)]
    public void A_long_value_is_no_bound(int length, bool stands)
    {
        var value = new byte[length];
        var bound = stands ? Bits.Of(value) : null;

        var file = Rows.Write(Text, [[value], [null]], new ParquetWriterOptions());

        FromChunk(file, Statistics).Should().Be(new Extremes(bound, bound, 1), "the number of NULLs is said in any case");
        FileHeaders.Read(file).Pages[^1].Statistics.Fields.Should().Equal(stands ? [1, 2, 3] : [3]);
    }

    [Fact]
    public void A_NULL_in_a_required_column_names_the_column()
    {
        var write = () => Rows.Write([ParquetColumn.Text("ts", required: true)], [[null]], new ParquetWriterOptions());

        write.Should().Throw<InvalidOperationException>().WithMessage("*'ts'*");
    }

    [Theory]
    [InlineData(1, 1)]
    [InlineData(9, 4)]
    [InlineData(15, 7)]
    [InlineData(18, 8)]
    [InlineData(28, 12)]
    [InlineData(38, 16)]
    public void A_decimal_takes_the_fewest_bytes_that_hold_its_precision(int precision, int bytes) =>
        ParquetColumn.DecimalWidth(precision).Should().Be(bytes);

    private static Extremes Statistics(ColumnChunkMetaData chunk)
    {
        using var statistics = chunk.Statistics!;
        return statistics.HasMinMax
            ? new Extremes(Bits.Of(statistics.MinUntyped), Bits.Of(statistics.MaxUntyped), statistics.NullCount)
            : new Extremes(null, null, statistics.NullCount);
    }

    private static T FromFile<T>(byte[] file, Func<FileMetaData, T> value)
    {
        using var reader = new ParquetFileReader(new MemoryStream(file));
        using var metadata = reader.FileMetaData;
        return value(metadata);
    }

    private static T FromChunk<T>(byte[] file, Func<ColumnChunkMetaData, T> value)
    {
        using var reader = new ParquetFileReader(new MemoryStream(file));
        using var group = reader.RowGroup(0);
        using var chunk = group.MetaData.GetColumnChunkMetaData(0);
        return value(chunk);
    }
}
