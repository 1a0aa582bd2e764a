using LocalAws.Parquet.Encodings;

namespace LocalAws.Parquet.Metadata;

/// <summary>What the footer says of one column in one row group. Offsets from the file's start, sizes in bytes with page headers.</summary>
/// <param name="Column">The column.</param>
/// <param name="Encodings">Encodings of its pages and levels.</param>
/// <param name="Values">Rows, NULLs included.</param>
/// <param name="UncompressedSize">Size before compression.</param>
/// <param name="CompressedSize">Size in the file.</param>
/// <param name="DataPageOffset">Where its first data page begins.</param>
/// <param name="DictionaryPageOffset">Where its dictionary page begins; 0 if it has none.</param>
/// <param name="Statistics">Its statistics, if it has any.</param>
internal sealed record ColumnChunk(
    ParquetColumn Column,
    IReadOnlyList<PageEncoding> Encodings,
    long Values,
    long UncompressedSize,
    long CompressedSize,
    long DataPageOffset,
    long DictionaryPageOffset,
    ChunkStatistics? Statistics)
{
    /// <summary>Where the chunk's pages end, which is where its own copy of the metadata stands.</summary>
    public long End => (DictionaryPageOffset > 0 ? DictionaryPageOffset : DataPageOffset) + CompressedSize;
}
