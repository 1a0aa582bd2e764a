namespace LocalAws.Parquet;

/// <summary>Settings of a file; the defaults are those of a DMS S3 endpoint.</summary>
public sealed record ParquetWriterOptions
{
    /// <summary>Format version in the footer.</summary>
    public ParquetVersion Version { get; init; } = ParquetVersion.Version1;

    /// <summary>Encoding of the values. Booleans are always plain.</summary>
    public EncodingType Encoding { get; init; } = EncodingType.RleDictionary;

    /// <summary>Bytes that a column's dictionary may take in a row group; what comes after it is written plain.</summary>
    public int DictionaryPageSizeLimit { get; init; } = 1024 * 1024;

    /// <summary>Bytes after which a data page ends.</summary>
    public int DataPageSize { get; init; } = 1024 * 1024;

    /// <summary>Rows of a row group.</summary>
    public int RowGroupLength { get; init; } = 10_000;

    /// <summary>
    /// Bytes after which a row group ends before it has <see cref="RowGroupLength"/> rows: what bounds the writer's memory when rows are
    /// wide.
    /// </summary>
    public long RowGroupBytes { get; init; } = 64L * 1024 * 1024;

    /// <summary>Whether minimum, maximum and the number of NULLs are written for pages and column chunks.</summary>
    public bool Statistics { get; init; } = true;

    /// <summary>Page compression.</summary>
    public CompressionCodec Compression { get; init; } = CompressionCodec.Uncompressed;

    /// <summary>The footer's <c>created_by</c>.</summary>
    public string CreatedBy { get; init; } = "AWS";
}
