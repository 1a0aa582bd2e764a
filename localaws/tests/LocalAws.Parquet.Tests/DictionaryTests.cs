using FluentAssertions;
using ParquetSharp;

namespace LocalAws.Parquet.Tests;

/// <summary>DMS's default encoding, in files of many row groups and pages, read by Apache's own C++ library.</summary>
public sealed class DictionaryTests
{
    private const int RowCount = 60_000;

    private static readonly ParquetColumn[] Columns =
    [
        new("few", PhysicalType.Int32),
        new("many", PhysicalType.Int64),
        new("real", PhysicalType.Double),
        ParquetColumn.Text("status"),
        // Its dictionary is full within the first row group: what follows is plain.
        ParquetColumn.Text("unique"),
        ParquetColumn.Text("at", required: true),
        new("flag", PhysicalType.Boolean),
        new("empty", PhysicalType.Int32),
    ];

    [Theory]
    [InlineData(EncodingType.RleDictionary, ParquetVersion.Version1, CompressionCodec.Gzip)]
    [InlineData(EncodingType.RleDictionary, ParquetVersion.Version2, CompressionCodec.Uncompressed)]
    [InlineData(EncodingType.PlainDictionary, ParquetVersion.Version1, CompressionCodec.Gzip)]
    [InlineData(EncodingType.Plain, ParquetVersion.Version2, CompressionCodec.Gzip)]
    public void Apaches_reader_finds_every_value_that_was_written(
        EncodingType encoding, ParquetVersion version, CompressionCodec compression)
    {
        var options = new ParquetWriterOptions
        {
            Encoding = encoding,
            Version = version,
            Compression = compression,
            DataPageSize = 20_000,
            DictionaryPageSizeLimit = 200_000,
        };
        var bytes = Rows.Write(Columns, Enumerable.Range(0, RowCount).Select(Row), options);

        using var file = new ParquetFileReader(new MemoryStream(bytes));
        file.FileMetaData.NumRows.Should().Be(RowCount);
        file.FileMetaData.NumRowGroups.Should().Be(6);
        Read<int?>(file, 0).Should().Equal(Expected(row => (int?)row[0]));
        Read<long?>(file, 1).Should().Equal(Expected(row => (long?)row[1]));
        Read<double?>(file, 2).Should().Equal(Expected(row => (double?)row[2]));
        Read<string?>(file, 3).Should().Equal(Expected(row => Text(row[3])));
        Read<string?>(file, 4).Should().Equal(Expected(row => Text(row[4])));
        Read<string>(file, 5).Should().Equal(Expected(row => Text(row[5])!));
        Read<bool?>(file, 6).Should().Equal(Expected(row => (bool?)row[6]));
        Read<int?>(file, 7).Should().OnlyContain(value => value == null);
        if (encoding != EncodingType.Plain)
        {
            using var group = file.RowGroup(0);
            using var status = group.MetaData.GetColumnChunkMetaData(3);
            status.Encodings.Should().Contain(found => found == Encoding(encoding));
        }
    }

    private static ParquetSharp.Encoding Encoding(EncodingType encoding) =>
        encoding == EncodingType.PlainDictionary ? ParquetSharp.Encoding.PlainDictionary : ParquetSharp.Encoding.RleDictionary;

    private static object?[] Row(int n) =>
    [
        n % 7 == 0 ? null : n % 5,
        n * 1_000_000_007L,
        n % 3 == 0 ? null : n / 4.0,
        n % 11 == 0 ? null : Bytes(new[] { "new", "paid", "sent", "" }[n % 4]),
        Bytes($"{n:D8}-ü-{n * 31}"),
        Bytes($"2026-01-01 00:00:00.{n:D6}"),
        n % 2 == 0,
        null,
    ];

    private static byte[] Bytes(string text) => System.Text.Encoding.UTF8.GetBytes(text);

    private static string? Text(object? value) => value is byte[] bytes ? System.Text.Encoding.UTF8.GetString(bytes) : null;

    private static IEnumerable<T> Expected<T>(Func<object?[], T> value) => Enumerable.Range(0, RowCount).Select(n => value(Row(n)));

    private static List<T> Read<T>(ParquetFileReader file, int column)
    {
        var values = new List<T>();
        for (var number = 0; number < file.FileMetaData.NumRowGroups; number++)
        {
            using var group = file.RowGroup(number);
            using var reader = group.Column(column).LogicalReader<T>();
            values.AddRange(reader.ReadAll((int)group.MetaData.NumRows));
        }

        return values;
    }
}
