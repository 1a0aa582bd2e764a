namespace LocalAws.Parquet.Metadata;

/// <summary>One row group of the footer.</summary>
/// <param name="Columns">Its columns.</param>
/// <param name="Rows">Its rows.</param>
/// <param name="TotalBytes">Size of its pages before compression.</param>
internal sealed record RowGroup(IReadOnlyList<ColumnChunk> Columns, long Rows, long TotalBytes);
