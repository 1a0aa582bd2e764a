using LocalAws.Parquet.Columns;
using LocalAws.Parquet.Encodings;
using LocalAws.Parquet.Metadata;

namespace LocalAws.Parquet;

/// <summary>Turns a column's buffer into pages: a dictionary page if the settings ask for one, then data pages of version 1.</summary>
/// <param name="options">The file's settings.</param>
/// <param name="output">Where the pages go.</param>
internal sealed class ColumnChunkWriter(ParquetWriterOptions options, ParquetOutput output)
{
    private const int LongestBound = 4096;

    private readonly ByteBuffer _header = new();
    private readonly ByteBuffer _page = new(64 * 1024);
    private readonly PageCompressor _compressor = new(options.Compression);
    private int[] _levels = [];

    /// <summary>Writes the chunk's pages, each as it is made, and its metadata.</summary>
    /// <param name="column">The values of the row group.</param>
    public ColumnChunk Write(ColumnBuffer column)
    {
        var offset = output.Position;
        var uncompressed = 0L;
        var dictionary = options.Encoding != EncodingType.Plain && column.HasDictionary && column.Values > 0;
        if (dictionary)
        {
            column.PrepareDictionary(options.DictionaryPageSizeLimit);
            dictionary = column.IndexedValues > 0;
        }

        if (dictionary)
        {
            uncompressed += WriteDictionaryPage(column);
        }

        var dataOffset = output.Position;
        var indexed = dictionary ? column.IndexedValues : 0;
        uncompressed += WriteDataPages(column, indexed);

        var chunk = new ColumnChunk(
            column.Column,
            Encodings(dictionary, plain: !dictionary || indexed < column.Values),
            column.Rows,
            uncompressed,
            output.Position - offset,
            dataOffset,
            dictionary ? offset : 0,
            Statistics(column, 0, column.Values, column.Rows - column.Values));
        _header.Clear();
        MetadataWriter.WriteChunk(_header, chunk, options);
        output.Write(_header.Written);
        return chunk;
    }

    private PageEncoding DictionaryEncoding =>
        options.Encoding == EncodingType.PlainDictionary ? PageEncoding.PlainDictionary : PageEncoding.RleDictionary;

    private PageEncoding DictionaryPageEncoding =>
        options.Encoding == EncodingType.PlainDictionary ? PageEncoding.PlainDictionary : PageEncoding.Plain;

    private List<PageEncoding> Encodings(bool dictionary, bool plain)
    {
        var encodings = new List<PageEncoding>();
        if (dictionary)
        {
            encodings.Add(DictionaryEncoding);
        }

        if (plain || (dictionary && DictionaryPageEncoding == PageEncoding.Plain))
        {
            encodings.Add(PageEncoding.Plain);
        }

        encodings.Add(PageEncoding.Rle);
        return encodings;
    }

    private int WriteDictionaryPage(ColumnBuffer column)
    {
        _page.Clear();
        column.WriteDictionary(_page);
        var body = _compressor.Compress(_page.Written);
        _header.Clear();
        MetadataWriter.WriteDictionaryPageHeader(_header, column.DictionaryEntries, DictionaryPageEncoding, _page.Length, body.Length);
        return WritePage(body);
    }

    /// <summary>Cuts the rows into pages: where the page size is reached, and where the dictionary ends.</summary>
    private long WriteDataPages(ColumnBuffer column, int indexed)
    {
        var levels = column.Levels;
        var bitWidth = indexed == 0 ? 0 : Math.Max(1, RleBitPackedEncoder.BitWidth(column.DictionaryEntries - 1));
        var bytes = 0L;
        var row = 0;
        var value = 0;
        do
        {
            var firstRow = row;
            var firstValue = value;
            // NULLs behind the last value belong to the dictionary where it holds every value.
            var inDictionary = value < indexed || (indexed > 0 && indexed == column.Values);
            var bits = 0L;
            while (row < levels.Length && bits < 8L * options.DataPageSize && (levels[row] == 0 || !inDictionary || value < indexed))
            {
                if (levels[row] != 0)
                {
                    bits += inDictionary ? bitWidth : 8L * column.PlainSize(value);
                    value++;
                }

                row++;
            }

            bytes += WriteDataPage(column, levels[firstRow..row], firstValue, value - firstValue, inDictionary ? bitWidth : 0);
        }
        while (row < levels.Length);

        return bytes;
    }

    private int WriteDataPage(ColumnBuffer column, ReadOnlySpan<byte> levels, int firstValue, int values, int indexBits)
    {
        _page.Clear();
        if (!column.Column.Required)
        {
            WriteLevels(levels);
        }

        if (indexBits > 0)
        {
            _page.Write((byte)indexBits);
            RleBitPackedEncoder.Encode(column.Indexes.Slice(firstValue, values), indexBits, _page);
        }
        else
        {
            column.WritePlain(firstValue, values, _page);
        }

        var body = _compressor.Compress(_page.Written);
        _header.Clear();
        MetadataWriter.WriteDataPageHeader(
            _header,
            levels.Length,
            indexBits > 0 ? DictionaryEncoding : PageEncoding.Plain,
            _page.Length,
            body.Length,
            Statistics(column, firstValue, values, levels.Length - values));
        return WritePage(body);
    }

    /// <summary>Writes header and body; returns the bytes that they take uncompressed.</summary>
    private int WritePage(ReadOnlySpan<byte> body)
    {
        output.Write(_header.Written);
        output.Write(body);
        return _header.Length + _page.Length;
    }

    private void WriteLevels(ReadOnlySpan<byte> levels)
    {
        if (_levels.Length < levels.Length)
        {
            _levels = new int[Math.Max(1024, levels.Length)];
        }

        var numbers = _levels.AsSpan(0, levels.Length);
        for (var i = 0; i < numbers.Length; i++)
        {
            numbers[i] = levels[i];
        }

        var start = _page.Length;
        _page.WriteInt32(0);
        RleBitPackedEncoder.Encode(numbers, 1, _page);
        _page.PatchInt32(start, _page.Length - start - sizeof(int));
    }

    private ChunkStatistics? Statistics(ColumnBuffer column, int firstValue, int values, int nulls)
    {
        if (!options.Statistics || !column.HasMinMax)
        {
            return null;
        }

        return column.TryMinMax(firstValue, values, out var min, out var max)
            ? new ChunkStatistics(Bound(min), Bound(max), nulls, column.SignedOrder)
            : new ChunkStatistics(null, null, nulls, column.SignedOrder);
    }

    /// <summary>
    /// A long value is no bound: it would stand in the page, in the chunk and in the footer. parquet-cpp, which wrote the files of DMS
    /// that are known, leaves out what exceeds its max_statistics_size (4096 bytes).
    /// </summary>
    private static byte[]? Bound(ReadOnlySpan<byte> value) => value.Length > LongestBound ? null : value.ToArray();
}
