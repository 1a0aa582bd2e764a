namespace LocalAws.Replication.Mapping;

/// <summary>Columns with the values before an update.</summary>
/// <param name="Prefix">In front of a column's name.</param>
/// <param name="Suffix">Behind a column's name.</param>
/// <param name="ColumnFilter"><c>pk-only</c>, <c>non-lob</c> or <c>all</c>.</param>
public sealed record BeforeImageDefinition(string Prefix, string Suffix, string ColumnFilter);
