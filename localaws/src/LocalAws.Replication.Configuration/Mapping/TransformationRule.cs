namespace LocalAws.Replication.Mapping;

/// <summary>A rule that changes names or columns.</summary>
public sealed record TransformationRule(
    string Id,
    string Action,
    string Target,
    NamePattern Schema,
    NamePattern Table,
    NamePattern Column,
    string? Value,
    string? OldValue,
    string? Expression,
    ColumnDataType? DataType,
    BeforeImageDefinition? BeforeImage);
