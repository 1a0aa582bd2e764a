namespace LocalAws.Replication.Mapping;

/// <summary>What the rules make of one table.</summary>
/// <param name="Schema">Schema in the target.</param>
/// <param name="Table">Table in the target.</param>
/// <param name="Columns">Source columns in their order.</param>
/// <param name="Added">Added columns in the rules' order.</param>
/// <param name="BeforeImages">Columns with the value before an update.</param>
public sealed record MappedTable(
    string Schema, string Table, IReadOnlyList<MappedColumn> Columns, IReadOnlyList<AddedColumn> Added,
    IReadOnlyList<MappedColumn> BeforeImages);
