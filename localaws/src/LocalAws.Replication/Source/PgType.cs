namespace LocalAws.Replication.Source;

/// <summary>A column's type; of a domain, the type beneath it.</summary>
/// <param name="Oid">Object id.</param>
/// <param name="Modifier">Length or precision, as pg_attribute.atttypmod; -1: none.</param>
/// <param name="Name">The type as SQL has it.</param>
/// <param name="IsArray">An array of any type.</param>
/// <param name="IsComposite">A row type.</param>
internal sealed record PgType(uint Oid, int Modifier, string Name, bool IsArray = false, bool IsComposite = false);
