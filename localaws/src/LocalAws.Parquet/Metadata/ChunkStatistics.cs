namespace LocalAws.Parquet.Metadata;

/// <summary>Plain bytes of the extremes (null: not known) and the number of NULLs.</summary>
internal sealed record ChunkStatistics(byte[]? Min, byte[]? Max, long Nulls, bool SignedOrder);
