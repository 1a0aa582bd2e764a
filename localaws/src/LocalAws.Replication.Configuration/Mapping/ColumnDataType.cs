namespace LocalAws.Replication.Mapping;

/// <summary>The <c>data-type</c> of an added column.</summary>
public sealed record ColumnDataType(string Type, int? Length);
