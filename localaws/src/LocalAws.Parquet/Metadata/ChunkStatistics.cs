namespace LocalAws.Parquet.Metadata;

/// <summary>Statistics of a page or a column chunk.</summary>
/// <param name="Min">Plain bytes of the minimum; null if there is none.</param>
/// <param name="Max">Plain bytes of the maximum; null if there is none.</param>
/// <param name="Nulls">Number of NULLs.</param>
/// <param name="SignedOrder">Whether the older, signed fields hold for the type.</param>
internal sealed record ChunkStatistics(byte[]? Min, byte[]? Max, long Nulls, bool SignedOrder);
