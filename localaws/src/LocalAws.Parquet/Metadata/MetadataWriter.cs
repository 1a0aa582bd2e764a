using LocalAws.Parquet.Encodings;
using LocalAws.Parquet.Thrift;

namespace LocalAws.Parquet.Metadata;

/// <summary>
/// Writes headers and footer. The field numbers are those of the format's <c>parquet.thrift</c>; which optional fields
/// are there follows the files that DMS writes (parquet-cpp before logical types).
/// </summary>
internal static class MetadataWriter
{
    private const int PageTypeDictionary = 2;

    // parquet-cpp leaves out extremes that are longer.
    private const int LongestStatistic = 4096;

    /// <summary>Writes the header of a data page of version 1.</summary>
    /// <param name="output">Where to.</param>
    /// <param name="values">Rows of the page, NULLs included.</param>
    /// <param name="encoding">Encoding of its values.</param>
    /// <param name="uncompressed">Bytes of its body before compression.</param>
    /// <param name="compressed">Bytes of its body in the file.</param>
    /// <param name="statistics">Its statistics, if it has any.</param>
    public static void WriteDataPageHeader(
        ByteBuffer output, int values, PageEncoding encoding, int uncompressed, int compressed, ChunkStatistics? statistics)
    {
        var thrift = BeginPage(output, 0, uncompressed, compressed);
        thrift.BeginStructField(5);
        thrift.Field(1, values);
        thrift.Field(2, (int)encoding);
        thrift.Field(3, (int)PageEncoding.Rle);
        thrift.Field(4, (int)PageEncoding.Rle);
        thrift.BeginStructField(5);
        if (statistics is not null)
        {
            WriteBound(thrift, 1, statistics.Max);
            WriteBound(thrift, 2, statistics.Min);
            thrift.Field(3, statistics.Nulls);
        }

        thrift.EndStruct();
        thrift.EndStruct();
        thrift.EndStruct();
    }

    /// <summary>Writes the header of a dictionary page.</summary>
    /// <param name="output">Where to.</param>
    /// <param name="entries">Values of the dictionary.</param>
    /// <param name="encoding">Encoding of its values.</param>
    /// <param name="uncompressed">Bytes of its body before compression.</param>
    /// <param name="compressed">Bytes of its body in the file.</param>
    public static void WriteDictionaryPageHeader(ByteBuffer output, int entries, PageEncoding encoding, int uncompressed, int compressed)
    {
        var thrift = BeginPage(output, PageTypeDictionary, uncompressed, compressed);
        thrift.BeginStructField(7);
        thrift.Field(1, entries);
        thrift.Field(2, (int)encoding);
        thrift.Field(3, false);
        thrift.EndStruct();
        thrift.EndStruct();
    }

    /// <summary>The copy of a chunk's metadata that stands behind its pages; readers use the footer's.</summary>
    /// <param name="output">Where to.</param>
    /// <param name="chunk">The chunk.</param>
    /// <param name="options">The file's settings.</param>
    public static void WriteChunk(ByteBuffer output, ColumnChunk chunk, ParquetWriterOptions options) =>
        WriteChunk(new ThriftCompactWriter(output), chunk, options);

    /// <summary>Writes the footer without its length.</summary>
    /// <param name="output">Where to.</param>
    /// <param name="columns">The schema.</param>
    /// <param name="groups">The row groups.</param>
    /// <param name="rows">Rows of the file.</param>
    /// <param name="options">The file's settings.</param>
    public static void WriteFooter(
        ByteBuffer output, IReadOnlyList<ParquetColumn> columns, IReadOnlyList<RowGroup> groups, long rows, ParquetWriterOptions options)
    {
        var thrift = new ThriftCompactWriter(output);
        thrift.BeginStruct();
        thrift.Field(1, (int)options.Version);
        WriteSchema(thrift, columns);
        thrift.Field(3, rows);
        thrift.BeginStructList(4, groups.Count);
        foreach (var group in groups)
        {
            WriteRowGroup(thrift, group, options);
        }

        thrift.Field(6, options.CreatedBy);
        thrift.BeginStructList(7, columns.Count);
        for (var i = 0; i < columns.Count; i++)
        {
            // ColumnOrder: the order that the type defines.
            thrift.BeginStruct();
            thrift.BeginStructField(1);
            thrift.EndStruct();
            thrift.EndStruct();
        }

        thrift.EndStruct();
    }

    private static ThriftCompactWriter BeginPage(ByteBuffer output, int type, int uncompressed, int compressed)
    {
        var thrift = new ThriftCompactWriter(output);
        thrift.BeginStruct();
        thrift.Field(1, type);
        thrift.Field(2, uncompressed);
        thrift.Field(3, compressed);
        return thrift;
    }

    private static void WriteSchema(ThriftCompactWriter thrift, IReadOnlyList<ParquetColumn> columns)
    {
        thrift.BeginStructList(2, columns.Count + 1);
        thrift.BeginStruct();
        thrift.Field(3, 0);
        thrift.Field(4, "schema");
        thrift.Field(5, columns.Count);
        thrift.EndStruct();
        foreach (var column in columns)
        {
            thrift.BeginStruct();
            thrift.Field(1, (int)column.Type);
            if (column.Type == PhysicalType.FixedLenByteArray)
            {
                thrift.Field(2, column.TypeLength);
            }

            thrift.Field(3, column.Required ? 0 : 1);
            thrift.Field(4, column.Name);
            if (column.Converted is { } converted)
            {
                thrift.Field(6, (int)converted);
                if (converted == ConvertedType.Decimal)
                {
                    thrift.Field(7, column.Scale);
                    thrift.Field(8, column.Precision);
                }
            }

            thrift.EndStruct();
        }
    }

    private static void WriteRowGroup(ThriftCompactWriter thrift, RowGroup group, ParquetWriterOptions options)
    {
        thrift.BeginStruct();
        thrift.BeginStructList(1, group.Columns.Count);
        foreach (var chunk in group.Columns)
        {
            WriteChunk(thrift, chunk, options);
        }

        thrift.Field(2, group.TotalBytes);
        thrift.Field(3, group.Rows);
        thrift.EndStruct();
    }

    private static void WriteChunk(ThriftCompactWriter thrift, ColumnChunk chunk, ParquetWriterOptions options)
    {
        thrift.BeginStruct();
        thrift.Field(2, chunk.End);
        thrift.BeginStructField(3);
        WriteChunkFields(thrift, chunk, options);
        thrift.EndStruct();
        thrift.EndStruct();
    }

    private static void WriteChunkFields(ThriftCompactWriter thrift, ColumnChunk chunk, ParquetWriterOptions options)
    {
        thrift.Field(1, (int)chunk.Column.Type);
        thrift.BeginInt32List(2, chunk.Encodings.Count);
        foreach (var encoding in chunk.Encodings)
        {
            thrift.Integer((int)encoding);
        }

        thrift.BeginBinaryList(3, 1);
        thrift.Binary(System.Text.Encoding.UTF8.GetBytes(chunk.Column.Name));
        thrift.Field(4, (int)options.Compression);
        thrift.Field(5, chunk.Values);
        thrift.Field(6, chunk.UncompressedSize);
        thrift.Field(7, chunk.CompressedSize);
        thrift.Field(9, chunk.DataPageOffset);
        thrift.Field(10, 0L);
        if (chunk.DictionaryPageOffset > 0)
        {
            thrift.Field(11, chunk.DictionaryPageOffset);
        }

        if (chunk.Statistics is { } statistics)
        {
            WriteStatistics(thrift, statistics);
        }
    }

    private static void WriteStatistics(ThriftCompactWriter thrift, ChunkStatistics statistics)
    {
        thrift.BeginStructField(12);
        if (statistics.SignedOrder)
        {
            WriteBound(thrift, 1, statistics.Max);
            WriteBound(thrift, 2, statistics.Min);
        }

        thrift.Field(3, statistics.Nulls);
        WriteBound(thrift, 5, statistics.Max);
        WriteBound(thrift, 6, statistics.Min);
        thrift.EndStruct();
    }

    private static void WriteBound(ThriftCompactWriter thrift, int field, byte[]? bound)
    {
        if (bound is not null && bound.Length <= LongestStatistic)
        {
            thrift.Field(field, bound);
        }
    }
}
