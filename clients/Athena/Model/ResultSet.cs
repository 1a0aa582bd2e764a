namespace Amazon.Athena.Model;

/// <summary>The answer of a query: values as Athena renders them, null for NULL.</summary>
public sealed record ResultSet(IReadOnlyList<string> Columns, IReadOnlyList<IReadOnlyList<string?>> Rows);
