using LocalAws.Replication.Mapping;
using LocalAws.Replication.Source;
using LocalAws.Replication.Target;

namespace LocalAws.Replication.Changes;

/// <summary>A table of the task: its definition in the source, the rule that selects it, and its files.</summary>
internal sealed class CapturedTable(SourceTable source, SelectionRule rule, TableTarget target)
{
    public SourceTable Source { get; set; } = source;

    public SelectionRule Rule { get; } = rule;

    public TableTarget Target { get; } = target;

    public RowFilter Filter { get; set; } = new(source, rule.Filters);
}
