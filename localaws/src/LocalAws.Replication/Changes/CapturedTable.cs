using LocalAws.Replication.Mapping;
using LocalAws.Replication.Target;

namespace LocalAws.Replication.Changes;

/// <summary>A table of the task: what it is at this place of the log, the rule that selects it, and its files.</summary>
internal sealed class CapturedTable(TableDefinition definition, SelectionRule rule, TableTarget target)
{
    /// <summary>Replaced when the log shows another one.</summary>
    public TableDefinition Definition { get; private set; } = definition;

    public SelectionRule Rule { get; } = rule;

    public TableTarget Target { get; } = target;

    /// <summary>The name for messages.</summary>
    public string Display => Definition.Source.Display;

    /// <summary>Goes on with another definition: no file has two.</summary>
    public void Redefine(TableDefinition changed)
    {
        Definition = changed;
        Target.ChangeSchema(changed.Schema);
    }
}
