namespace LocalAws.Replication.Mapping;

/// <summary>One condition of a filter; a filter's conditions are joined by OR.</summary>
/// <param name="Operator"><c>lte gte eq noteq between notbetween null notnull</c>.</param>
/// <param name="Value">Right side, or start of a range.</param>
/// <param name="End">End of a range.</param>
public sealed record FilterCondition(string Operator, string? Value, string? End);
