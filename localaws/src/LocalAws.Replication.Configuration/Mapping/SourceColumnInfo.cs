namespace LocalAws.Replication.Mapping;

/// <summary>What rules need to know of a source column.</summary>
public sealed record SourceColumnInfo(string Name, string TypeName, bool IsPrimaryKey, bool IsLob);
