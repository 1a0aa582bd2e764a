namespace LocalAws.Replication.Source;

/// <summary>Quoting.</summary>
internal static class Sql
{
    public static string Identifier(string name) => "\"" + name.Replace("\"", "\"\"", StringComparison.Ordinal) + "\"";

    /// <summary>The name that is meant by one which is quoted where SQL has to.</summary>
    public static string Name(string identifier) =>
        identifier is ['"', .. var quoted, '"'] ? quoted.Replace("\"\"", "\"", StringComparison.Ordinal) : identifier;
}
