namespace Cdc.Harness.Pipelines.State;

/// <summary>
/// The columns of a source table, from which the job makes both of its tables before there is a row: <c>schemas/TABLE.json</c>.
/// </summary>
/// <param name="Table">Qualified name.</param>
/// <param name="ReadAt">When the source said so.</param>
/// <param name="Columns">In the table's order; generated columns that are not stored are never captured and are left out.</param>
/// <param name="PrimaryKey">Its columns in its order.</param>
/// <param name="ReplicaIdentity">default, full, index or nothing.</param>
public sealed record SchemaDocument(
    string Table, DateTimeOffset ReadAt, IReadOnlyList<ColumnDocument> Columns, IReadOnlyList<string> PrimaryKey, string ReplicaIdentity)
{
    /// <summary>Version of the document's form.</summary>
    public int Version { get; init; } = 1;

    /// <summary>Whether another document says the same, whenever it was read.</summary>
    public bool SaysTheSame(SchemaDocument other) =>
        (other.Version, other.Table, other.ReplicaIdentity) == (Version, Table, ReplicaIdentity)
        && other.Columns.SequenceEqual(Columns)
        && other.PrimaryKey.SequenceEqual(PrimaryKey);
}
