namespace LocalAws.Parquet.Metadata;

/// <summary>One row group of the footer.</summary>
internal sealed record RowGroup(IReadOnlyList<ColumnChunk> Columns, long Rows, long TotalBytes);
