using LocalAws.Parquet.Encodings;

namespace LocalAws.Parquet.Metadata;

/// <summary>What the footer says of one column in one row group. Offsets from the file's start, sizes in bytes with page headers.</summary>
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
