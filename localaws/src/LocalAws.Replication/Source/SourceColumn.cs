namespace LocalAws.Replication.Source;

/// <summary>A column of a source table.</summary>
internal sealed record SourceColumn(string Name, PgType Type, bool IsPrimaryKey);
