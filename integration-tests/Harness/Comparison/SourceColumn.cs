namespace Cdc.Harness.Comparison;

/// <summary>A column as both sides must have it.</summary>
/// <param name="Name">Name in the final table.</param>
/// <param name="Type">PostgreSQL's name of the type, e.g. <c>numeric(12,2)</c>; <c>text</c> for masked and derived columns.</param>
/// <param name="Expression">SQL over the source's columns that gives the value.</param>
public sealed record SourceColumn(string Name, string Type, string Expression);
