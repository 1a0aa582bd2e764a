namespace Cdc.Harness.Pipelines.State;

/// <summary>A column of a source table.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Type">As <c>format_type</c> spells it; a domain's base type, <c>enum</c> for an enum.</param>
/// <param name="Nullable">Whether it may be NULL.</param>
public sealed record ColumnDocument(string Name, string Type, bool Nullable);
