using LocalAws.Postgres;

namespace Cdc.Harness.Pipelines.Preflight;

/// <summary>What decides how much of a table is captured.</summary>
/// <param name="Schema">Its schema, as the catalog has it: not quoted.</param>
/// <param name="Name">Its name, as the catalog has it: not quoted.</param>
/// <param name="Kind"><c>pg_class.relkind</c>: r an ordinary table, p a partitioned one, v a view, and so on.</param>
/// <param name="Persistence"><c>pg_class.relpersistence</c>: p permanent, u unlogged, t temporary.</param>
/// <param name="Identity"><c>pg_class.relreplident</c>: d default, f full, i an index, n nothing.</param>
/// <param name="PrimaryKey">Columns of the primary key in its order; empty if there is none.</param>
/// <param name="KeyIsImmediate">Whether the primary key is neither deferrable nor invalid: only such a key is a replica identity.</param>
/// <param name="IdentityIndex">Columns of the index that REPLICA IDENTITY USING INDEX names; empty if there is none.</param>
/// <param name="Columns">All columns.</param>
/// <param name="Partitions">Of a partitioned table, the tables that hold its rows; of a partition, those beside it.</param>
/// <param name="Parent">Of a partition, the table that it is a part of; else null.</param>
/// <param name="IsReadable">Whether DMS's user may read it.</param>
/// <param name="HidesRows">Whether row-level security applies to DMS's user.</param>
public sealed record SourceTableFacts(
    string Schema,
    string Name,
    char Kind,
    char Persistence,
    char Identity,
    IReadOnlyList<string> PrimaryKey,
    bool KeyIsImmediate,
    IReadOnlyList<string> IdentityIndex,
    IReadOnlyList<SourceColumnFacts> Columns,
    IReadOnlyList<string> Partitions,
    string? Parent,
    bool IsReadable,
    bool HidesRows)
{
    /// <summary>Name for people.</summary>
    public string Qualified => $"{Schema}.{Name}";

    /// <summary>Name for SQL.</summary>
    public string Quoted => $"{SqlText.Identifier(Schema)}.{SqlText.Identifier(Name)}";
}
