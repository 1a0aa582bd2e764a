namespace LocalAws.Parquet.Columns;

/// <summary>Bytes that the columns of a row group share.</summary>
internal sealed class ByteCount
{
    public long Value { get; set; }
}
