namespace LocalAws.Replication.Load;

/// <summary>What a load wrote.</summary>
/// <param name="Rows">Rows.</param>
/// <param name="Files">Files, numbered from 1.</param>
internal sealed record LoadedRows(long Rows, int Files);
