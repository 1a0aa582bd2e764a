namespace LocalAws.Replication.Mapping;

/// <summary>A rule that selects or excludes tables.</summary>
/// <param name="Id">The rule's id.</param>
/// <param name="Action"><c>include</c>, <c>explicit</c> or <c>exclude</c>.</param>
/// <param name="Schema">Schemas.</param>
/// <param name="Table">Tables.</param>
/// <param name="LoadOrder">Higher loads first.</param>
/// <param name="Filters">Which rows.</param>
public sealed record SelectionRule(
    string Id, string Action, NamePattern Schema, NamePattern Table, int LoadOrder, IReadOnlyList<ColumnFilter> Filters)
{
    /// <summary>Whether the rule is about this table.</summary>
    public bool Matches(string schema, string table) => Schema.Matches(schema) && Table.Matches(table);
}
