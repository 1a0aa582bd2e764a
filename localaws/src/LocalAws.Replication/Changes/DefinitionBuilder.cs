using LocalAws.Replication.Files;
using LocalAws.Replication.Filters;
using LocalAws.Replication.Mapping;
using LocalAws.Replication.Settings;
using LocalAws.Replication.Source;
using LocalAws.Replication.Values;

namespace LocalAws.Replication.Changes;

/// <summary>Makes a table's definition from its columns in the source, by the rules and settings of the task.</summary>
internal sealed class DefinitionBuilder(TableMappings mappings, TypeMapping types, S3TargetSettings target, TaskSettings task)
{
    /// <exception cref="TableFaultException">Its files would have two columns of one name, or a filter does not fit it.</exception>
    public TableDefinition Build(SourceTable source, SelectionRule rule) =>
        new(source, new RowFilter(source, rule.Filters), OutputSchema.Build(source, mappings, types, target, task));

    /// <summary>For each column, how many bytes of a value's text are wanted.</summary>
    public IReadOnlyList<int> Limits(SourceTable source) =>
        [.. source.Columns.Select(column => ValueLimit.Bytes(column.Type, types.Map(column.Type), task.LobMaxSize))];

    /// <summary>Bytes that are wanted of a value of the table in the log, where it may get a column of any LOB type any day.</summary>
    public int LogLimit(SourceTable source) => Math.Max(Limits(source).Max(), ValueLimit.Lob(task.LobMaxSize));

    /// <summary>Names that the files' own columns have, beside those of the source.</summary>
    public IReadOnlySet<string> OwnNames(SourceTable source) => OutputSchema.OwnNames(source, mappings, types, target, task);
}
