namespace LocalAws.Replication.Mapping;

/// <summary>A <c>TableMappings</c> document: which tables, which rows, under which names, with which additional columns.</summary>
public sealed class TableMappings
{
    private readonly IReadOnlyList<SelectionRule> _selections;
    private readonly IReadOnlyList<TransformationRule> _transformations;

    internal TableMappings(IReadOnlyList<SelectionRule> selections, IReadOnlyList<TransformationRule> transformations)
    {
        _selections = selections;
        _transformations = transformations;
    }

    /// <summary>Include rules that name one table: the database has to have it.</summary>
    public IEnumerable<SelectionRule> NamedTables =>
        _selections.Where(rule => rule.Action != "exclude" && rule.Schema.NamesOne && rule.Table.NamesOne);

    /// <summary>Reads and checks the document.</summary>
    /// <exception cref="MappingRuleException">It is not valid, or has a rule that this engine does not support.</exception>
    public static TableMappings Parse(string json) => MappingReader.Read(json);

    /// <summary>The rule that selects the table; null if none does, or one excludes it.</summary>
    public SelectionRule? Selects(string schema, string table)
    {
        if (_selections.Any(rule => rule.Action == "exclude" && rule.Matches(schema, table)))
        {
            return null;
        }

        var including = _selections.Where(rule => rule.Action != "exclude" && rule.Matches(schema, table)).ToList();
        return including.Find(rule => rule.Filters.Count > 0) ?? including.FirstOrDefault();
    }

    /// <summary>Names and columns of a table in the target.</summary>
    /// <exception cref="MappingRuleException">Two rules of one kind contradict each other for it.</exception>
    public MappedTable Map(string schema, string table, IReadOnlyList<SourceColumnInfo> columns) =>
        new TableMapper(
            [.. _transformations.Where(rule => rule.Schema.Matches(schema) && rule.Table.Matches(table))], schema, table).Map(columns);
}
