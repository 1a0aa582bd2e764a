namespace LocalAws.Replication.Mapping;

/// <summary>A source column that is written, under its name in the target.</summary>
public sealed record MappedColumn(string SourceName, string TargetName);
