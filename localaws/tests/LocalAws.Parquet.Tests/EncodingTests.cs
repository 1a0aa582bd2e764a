using FluentAssertions;
using LocalAws.Parquet.Tests.Reading;

namespace LocalAws.Parquet.Tests;

/// <summary>The endpoint's settings show in the file.</summary>
public sealed class EncodingTests
{
    private const int Plain = 0;
    private const int PlainDictionary = 2;
    private const int RleDictionary = 8;

    private static readonly ParquetColumn[] Text = [ParquetColumn.Text("t")];

    [Fact]
    public void Values_behind_the_dictionary_limit_are_plain()
    {
        var rows = Enumerable.Range(0, 100).Select(i => new object?[] { BitConverter.GetBytes(i) });

        var file = ParquetFile.Read(Rows.Write(Text, rows, new ParquetWriterOptions { DictionaryPageSizeLimit = 80 }));

        // A dictionary entry takes 8 bytes: 4 of length, 4 of value.
        file.Pages.Select(page => (page.IsDictionary, page.Encoding)).Should().Equal((true, Plain), (false, RleDictionary), (false, Plain));
        file.Pages[0].Header.Struct(7).Int32(1).Should().Be(10);
        file.Pages[1].Header.Struct(5).Int32(1).Should().Be(10);
        file.Pages[2].Header.Struct(5).Int32(1).Should().Be(90);
    }

    [Fact]
    public void Plain_dictionary_uses_the_older_number_for_dictionary_and_indexes()
    {
        var file = ParquetFile.Read(Rows.Write(Text, [["a"u8.ToArray()]], new ParquetWriterOptions { Encoding = EncodingType.PlainDictionary }));

        file.Pages.Select(page => page.Encoding).Should().Equal(PlainDictionary, PlainDictionary);
    }

    [Fact]
    public void Without_statistics_neither_chunks_nor_pages_have_any()
    {
        var file = ParquetFile.Read(Rows.Write(Text, [["a"u8.ToArray()]], new ParquetWriterOptions { Statistics = false }));

        file.RowGroups[0].Structs(1).Single().Struct(3).Has(12).Should().BeFalse();
        file.Pages[^1].Header.Struct(5).Struct(5).Fields.Should().BeEmpty();
    }

    [Fact]
    public void Statistics_count_nulls_and_leave_NaN_out()
    {
        ParquetColumn[] columns = [new("d", PhysicalType.Double)];

        var file = ParquetFile.Read(Rows.Write(columns, [[double.NaN], [null], [0.0], [-5.0]], new ParquetWriterOptions()));

        var statistics = file.RowGroups[0].Structs(1).Single().Struct(3).Struct(12);
        statistics.Integer(3).Should().Be(1);
        BitConverter.ToDouble(statistics.Bytes(6)).Should().Be(-5);
        BitConverter.ToDouble(statistics.Bytes(5)).Should().Be(0);
    }

    [Fact]
    public void The_footer_states_the_format_version()
    {
        ParquetFile.Read(Rows.Write(Text, [], new ParquetWriterOptions())).Footer.Integer(1).Should().Be(1);
        ParquetFile.Read(Rows.Write(Text, [], new ParquetWriterOptions { Version = ParquetVersion.Version2 })).Footer.Integer(1).Should().Be(2);
    }

    [Fact]
    public void A_wide_row_group_ends_before_its_length()
    {
        var rows = Enumerable.Range(0, 256).Select(_ => new object?[] { new byte[1000] });

        var file = ParquetFile.Read(Rows.Write(Text, rows, new ParquetWriterOptions { RowGroupBytes = 100_000 }));

        var lengths = file.RowGroups.Select(group => group.Integer(3)).ToList();
        lengths.Sum().Should().Be(256);
        lengths.Should().OnlyContain(rows => rows <= 101).And.HaveCount(3);
    }

    [Theory]
    [InlineData(4096, true)]
    [InlineData(4097, false)]
    public void A_long_value_is_no_bound(int length, bool stands)
    {
        var file = ParquetFile.Read(Rows.Write(Text, [[new byte[length]], [null]], new ParquetWriterOptions()));

        var statistics = file.RowGroups.Single().Structs(1).Single().Struct(3).Struct(12);
        statistics.Has(5).Should().Be(stands);
        statistics.Has(6).Should().Be(stands);
        statistics.Integer(3).Should().Be(1, "the number of NULLs is said in any case");
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
}
