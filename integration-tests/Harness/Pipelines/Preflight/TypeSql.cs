namespace Cdc.Harness.Pipelines.Preflight;

/// <summary>Parts of queries that spell the types of columns.</summary>
internal static class TypeSql
{
    /// <summary>
    /// A query <c>domains</c>: of each domain the type that it is made of in the end, that type's modifier, and whether it refuses NULL.
    /// </summary>
    public const string Domains = """
        RECURSIVE steps AS (
          SELECT oid AS domain, typbasetype AS type, typtypmod AS modifier, typnotnull AS required FROM pg_type WHERE typtype = 'd'
          UNION ALL
          SELECT steps.domain, t.typbasetype, t.typtypmod, steps.required OR t.typnotnull
          FROM steps JOIN pg_type t ON t.oid = steps.type WHERE t.typtype = 'd'),
        domains AS (SELECT steps.* FROM steps JOIN pg_type t ON t.oid = steps.type WHERE t.typtype <> 'd')
        """;

    /// <summary>The type of the column <c>a</c>, with <c>domains d</c> joined to it.</summary>
    public const string Spelled = "format_type(coalesce(d.type, a.atttypid), coalesce(d.modifier, a.atttypmod))";
}
