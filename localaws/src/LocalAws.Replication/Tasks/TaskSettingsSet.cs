using LocalAws.Replication.Mapping;
using LocalAws.Replication.Settings;

namespace LocalAws.Replication.Tasks;

/// <summary>The documents of a task, read and checked.</summary>
internal sealed record TaskSettingsSet(S3TargetSettings Target, PostgreSqlSourceSettings Source, TaskSettings Task, TableMappings Mappings)
{
    public static TaskSettingsSet Parse(TaskSpec spec) => new(
        S3TargetSettings.Parse(spec.Target.S3Settings, spec.Target.ExtraConnectionAttributes),
        PostgreSqlSourceSettings.Parse(spec.Source.PostgreSQLSettings, spec.Source.ExtraConnectionAttributes),
        TaskSettings.Parse(spec.TaskSettings),
        TableMappings.Parse(spec.TableMappings));

    /// <summary>The slot's name: the caller's, the endpoint's, or one made from the task's identifier.</summary>
    public string SlotName(TaskSpec spec) => spec.SlotName ?? Source.SlotName ?? Replication.Source.ReplicationSlot.NameFor(spec.TaskIdentifier);
}
