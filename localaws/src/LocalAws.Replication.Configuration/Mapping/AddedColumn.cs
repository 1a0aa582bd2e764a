namespace LocalAws.Replication.Mapping;

/// <summary>A column that a rule adds: a header's value or a text that is the same in every row.</summary>
/// <param name="Name">Name in the target.</param>
/// <param name="Header">The header, such as <c>AR_H_CHANGE_SEQ</c>; null for a constant.</param>
/// <param name="Constant">The constant.</param>
/// <param name="Length">Characters that are kept; null: all.</param>
public sealed record AddedColumn(string Name, string? Header, string? Constant, int? Length);
