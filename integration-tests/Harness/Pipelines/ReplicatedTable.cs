namespace Cdc.Harness.Pipelines;

/// <summary>A table of the configuration, from which mappings, prefixes, the job and the expectations all come.</summary>
/// <param name="Schema">Its schema at the source.</param>
/// <param name="Name">Its name at the source.</param>
/// <param name="PrimaryKey">Its columns in order; empty for a table of which only the change log exists.</param>
/// <param name="Filter">SQL condition over the source's columns; rows for which it is true are kept.</param>
/// <param name="Columns">Column → rule.</param>
/// <param name="Derived">Further column → SQL expression over the source's columns.</param>
public sealed record ReplicatedTable(
    string Schema, string Name, IReadOnlyList<string> PrimaryKey, string? Filter = null,
    IReadOnlyDictionary<string, ColumnRule>? Columns = null, IReadOnlyDictionary<string, string>? Derived = null)
{
    /// <summary>Name for people: <c>schema.name</c>.</summary>
    public string Qualified => $"{Schema}.{Name}";

    /// <summary>Name of the table that equals the source, in the catalog.</summary>
    public string FinalName => $"{Schema}_{Name}";

    /// <summary>Name of the change log, in the catalog.</summary>
    public string LogName => $"{FinalName}_changes";

    /// <summary>Whether there is a table that equals the source; without a key there is the log alone.</summary>
    public bool HasKey => PrimaryKey.Count > 0;
}
