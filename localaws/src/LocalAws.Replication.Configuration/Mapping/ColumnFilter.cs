namespace LocalAws.Replication.Mapping;

/// <summary>A filter of a selection rule; several filters are joined by AND.</summary>
public sealed record ColumnFilter(string Column, IReadOnlyList<FilterCondition> Conditions);
