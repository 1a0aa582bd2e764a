namespace LocalAws.Replication.Source;

/// <summary>A column of a source table.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Type">Its type; of a domain, the type beneath it.</param>
/// <param name="IsPrimaryKey">Whether it is part of the primary key.</param>
/// <param name="LogName">Name and type as <c>test_decoding</c> prints them before each value: <c>"Name"[character varying]</c>.</param>
/// <param name="IsGenerated">Whether the value is computed by the database (GENERATED ALWAYS AS …).</param>
/// <param name="IsLeftOut">Whether the files leave it out.</param>
/// <param name="IsVirtual">Whether it is generated and not stored: the log prints it as <c>null</c>, and the files leave it out.</param>
internal sealed record SourceColumn(
    string Name, PgType Type, bool IsPrimaryKey, string LogName, bool IsGenerated = false, bool IsLeftOut = false, bool IsVirtual = false);
