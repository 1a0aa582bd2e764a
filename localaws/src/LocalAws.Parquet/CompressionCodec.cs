namespace LocalAws.Parquet;

/// <summary>Page compression, with the numbers of the Parquet format.</summary>
public enum CompressionCodec
{
    /// <summary>None.</summary>
    Uncompressed = 0,

    /// <summary>GZIP.</summary>
    Gzip = 2,
}
