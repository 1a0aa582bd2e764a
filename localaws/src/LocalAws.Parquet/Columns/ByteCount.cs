namespace LocalAws.Parquet.Columns;

/// <summary>Bytes that the columns of a row group share.</summary>
internal sealed class ByteCount
{
    /// <summary>Their number.</summary>
    public long Value { get; set; }
}
