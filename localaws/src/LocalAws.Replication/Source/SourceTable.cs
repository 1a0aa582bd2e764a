using LocalAws.Postgres;

namespace LocalAws.Replication.Source;

/// <summary>A table of the source.</summary>
/// <param name="Oid">Object id.</param>
/// <param name="Schema">Schema.</param>
/// <param name="Name">Name.</param>
/// <param name="LogName">Schema and name as <c>test_decoding</c> prints them, quoted where SQL has to: <c>public."Orders"</c>.</param>
/// <param name="Columns">Columns in their order. Virtual generated ones too, which the log prints, always as null.</param>
/// <param name="Identity">What the log tells of old rows.</param>
/// <param name="EstimatedRows">What the planner believes.</param>
internal sealed record SourceTable(
    uint Oid, string Schema, string Name, string LogName, IReadOnlyList<SourceColumn> Columns, ReplicaIdentity Identity, long EstimatedRows)
{
    /// <summary>What the table is known by.</summary>
    public TableName Id => new(Schema, Name);

    /// <summary>The name for messages.</summary>
    public string Display => Id.ToString();

    /// <summary>The name for SQL.</summary>
    public string Quoted => $"{SqlText.Identifier(Schema)}.{SqlText.Identifier(Name)}";

    /// <summary>Whether the table has a primary key.</summary>
    public bool HasPrimaryKey => Columns.Any(column => column.IsPrimaryKey);
}
