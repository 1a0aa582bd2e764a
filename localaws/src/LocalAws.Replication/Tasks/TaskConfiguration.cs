using LocalAws.Replication.Mapping;
using LocalAws.Replication.Settings;
using LocalAws.Replication.Source;

namespace LocalAws.Replication.Tasks;

/// <summary>The documents of a task, read and checked.</summary>
internal sealed record TaskConfiguration(
    S3TargetSettings Target, PostgreSqlSourceSettings Source, TaskSettings Task, TableMappings Mappings)
{
    public static TaskConfiguration Parse(TaskSpec spec) => new(
        S3TargetSettings.Parse(spec.Target.S3Settings, spec.Target.ExtraConnectionAttributes),
        PostgreSqlSourceSettings.Parse(spec.Source.PostgreSQLSettings, spec.Source.ExtraConnectionAttributes),
        TaskSettings.Parse(spec.TaskSettings),
        TableMappings.Parse(spec.TableMappings));

    /// <summary>The slot's name: the endpoint's, which is there to be read; else the task's own.</summary>
    public string SlotName(TaskSpec spec) => Source.SlotName ?? spec.SlotName ?? ReplicationSlot.NameFor(spec.TaskIdentifier);
}
