namespace LocalAws.Postgres;

/// <summary>Names and values as PostgreSQL's SQL and its configuration files write them.</summary>
public static class SqlText
{
    /// <summary>A name, whatever it holds: <c>"a""b"</c>.</summary>
    public static string Identifier(string name) => $"\"{name.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";

    /// <summary>A text, whatever it holds: <c>'it''s'</c>.</summary>
    public static string Literal(string value) => $"'{value.Replace("'", "''", StringComparison.Ordinal)}'";

    /// <summary>The name that is meant by one which is quoted where SQL has to.</summary>
    /// <param name="identifier">A name with or without quotes.</param>
    public static string Name(string identifier) =>
        identifier is ['"', .. var quoted, '"'] ? quoted.Replace("\"\"", "\"", StringComparison.Ordinal) : identifier;
}
