namespace LocalAws.Replication.Mapping;

/// <summary>Applies the transformation rules that match one table.</summary>
internal sealed class TableMapper(IReadOnlyList<TransformationRule> rules, string schema, string table)
{
    public MappedTable Map(IReadOnlyList<SourceColumnInfo> columns)
    {
        var kept = columns.Where(IsKept).ToList();
        var mapped = kept.Select(column => new MappedColumn(column.Name, Rename("column", column.Name, column.Name))).ToList();
        return new MappedTable(
            Rename("schema", schema, null),
            Rename("table", table, null),
            mapped,
            [.. rules.Where(rule => rule.Action == "add-column").Select(Added)],
            BeforeImages(kept, mapped));
    }

    private bool IsKept(SourceColumnInfo column)
    {
        var matching = rules.Where(rule => rule.Target == "column" && rule.Column.Matches(column.Name)).ToList();
        var includes = rules.Any(rule => rule.Action == "include-column");
        return !matching.Exists(rule => rule.Action == "remove-column")
            && (!includes || matching.Exists(rule => rule.Action == "include-column"));
    }

    private string Rename(string target, string name, string? column)
    {
        var used = new HashSet<string>(StringComparer.Ordinal);
        foreach (var rule in rules.Where(rule => rule.Target == target && NameActions.All.Contains(rule.Action)))
        {
            if (column is not null && !rule.Column.Matches(column))
            {
                continue;
            }

            if (!used.Add(rule.Action))
            {
                throw new MappingRuleException(
                    rule.Id, $"Another rule has the action {rule.Action} for {target} '{column ?? name}' of {schema}.{table}.");
            }

            name = NameActions.Apply(rule, name);
        }

        return name;
    }

    private List<MappedColumn> BeforeImages(
        IReadOnlyList<SourceColumnInfo> kept, IReadOnlyList<MappedColumn> mapped)
    {
        var definitions = rules.Where(rule => rule.BeforeImage is not null).ToList();
        if (definitions.Count > 1)
        {
            throw new MappingRuleException(definitions[1].Id, $"Another rule adds before-image columns to {schema}.{table}.");
        }

        if (definitions.Count == 0)
        {
            return [];
        }

        var definition = definitions[0].BeforeImage!;
        return
        [
            .. mapped.Zip(kept)
                .Where(pair => definitions[0].Column.Matches(pair.Second.Name))
                .Where(pair => definition.ColumnFilter switch
                {
                    "pk-only" => pair.Second.IsPrimaryKey,
                    "non-lob" => !pair.Second.IsLob,
                    _ => true,
                })
                .Select(pair => new MappedColumn(pair.First.SourceName, definition.Prefix + pair.First.TargetName + definition.Suffix)),
        ];
    }

    private AddedColumn Added(TransformationRule rule)
    {
        var length = rule.DataType?.Length;
        return rule.Expression switch
        {
            "$AR_M_SOURCE_SCHEMA" => new AddedColumn(rule.Value!, null, schema, length),
            "$AR_M_SOURCE_TABLE_NAME" => new AddedColumn(rule.Value!, null, table, length),
            var header => new AddedColumn(rule.Value!, header![1..], null, length),
        };
    }
}
