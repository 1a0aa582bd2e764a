namespace LocalAws.Replication.Source;

/// <summary>A table of the source.</summary>
/// <param name="Schema">Schema.</param>
/// <param name="Name">Name.</param>
/// <param name="Columns">Columns in their order; generated ones are left out, for the log does not carry them.</param>
/// <param name="HasReplicaIdentity">Whether the log tells which row an update or delete touched.</param>
/// <param name="EstimatedRows">What the planner believes.</param>
internal sealed record SourceTable(
    string Schema, string Name, IReadOnlyList<SourceColumn> Columns, bool HasReplicaIdentity, long EstimatedRows)
{
    /// <summary>The name for messages.</summary>
    public string Display => $"{Schema}.{Name}";

    /// <summary>The name for SQL.</summary>
    public string Quoted => $"{Sql.Identifier(Schema)}.{Sql.Identifier(Name)}";
}
