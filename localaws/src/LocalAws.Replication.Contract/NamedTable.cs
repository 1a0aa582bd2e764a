namespace LocalAws.Replication;

/// <summary>A table by its names in the source.</summary>
/// <param name="Schema">Schema.</param>
/// <param name="Table">Name.</param>
public sealed record NamedTable(string Schema, string Table);
