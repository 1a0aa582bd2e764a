using LocalAws.Replication.Changes;
using LocalAws.Replication.Mapping;
using LocalAws.Replication.Messages;
using LocalAws.Replication.Reporting;
using LocalAws.Replication.Settings;
using LocalAws.Replication.Source;
using LocalAws.Replication.State;
using LocalAws.Replication.Target;

namespace LocalAws.Replication.Tasks;

/// <summary>Makes the captured tables of a run from what is selected and what the checkpoint knows of them.</summary>
internal sealed class TableCapture(DefinitionBuilder definitions, TargetServices services, TaskSettings settings, Reporter reporter)
{
    private readonly List<TableName> _refused = [];

    /// <summary>The tables that cannot be captured: they are loaded when they can.</summary>
    public IReadOnlyList<TableName> Refused => _refused;

    /// <summary>The tables that can be captured. The others are said to be in error; the task goes on without them.</summary>
    /// <exception cref="ReplicationException">A table cannot be captured, and the settings make that a failure.</exception>
    public IReadOnlyList<CapturedTable> Capture(
        IReadOnlyList<(SourceTable Table, SelectionRule Rule)> selected, TaskState? state, bool loads)
    {
        var tables = new List<CapturedTable>();
        foreach (var (source, rule) in selected)
        {
            try
            {
                tables.Add(Capture(definitions.Build(source, rule), rule, state, loads));
            }
            catch (TableFaultException fault)
            {
                Refuse(source, fault);
            }
        }

        return tables;
    }

    private CapturedTable Capture(TableDefinition definition, SelectionRule rule, TaskState? state, bool loads)
    {
        var source = definition.Source;
        var statistics = new TableStatistics(source.Schema, source.Name, reporter);
        // A table that came while the task was stopped is captured and not loaded, as on DMS.
        var known = state is null
            ? null
            : state.Tables.FirstOrDefault(table => table.Table == source.Id) ?? new TableState(source.Id, Loaded: true);
        var needsLoad = loads && known is not { Loaded: true };
        if (!needsLoad)
        {
            statistics.SetState(TableStates.Completed, current => known is null ? current : current with
            {
                FullLoadRows = known.FullLoadRows,
                Inserts = known.Inserts,
                Updates = known.Updates,
                Deletes = known.Deletes,
                FullLoadStart = known.FullLoadStart,
                FullLoadEnd = known.FullLoadEnd,
                FullLoadReloaded = known.FullLoadReloaded,
            });
        }

        if (Missing(source) is { } missing)
        {
            reporter.Warning(LogComponents.SourceCapture, $"Table {source.Display} {missing}");
        }

        return new CapturedTable(definition, rule, new TableTarget(definition.Schema, statistics, services, needsLoad));
    }

    private void Refuse(SourceTable source, TableFaultException fault)
    {
        if (settings.StopTaskOnTableError)
        {
            throw fault;
        }

        reporter.Error(LogComponents.TablesManager, $"Table {source.Display} is not captured: {fault.Message} A task that is resumed then loads it.");
        _refused.Add(source.Id);
        new TableStatistics(source.Schema, source.Name, reporter).SetState(TableStates.Error);
    }

    /// <summary>What of a table's changes the log will not tell, for people; null if it tells all.</summary>
    private static string? Missing(SourceTable source)
    {
        var full = $"ALTER TABLE {source.Quoted} REPLICA IDENTITY FULL";
        return (source.HasPrimaryKey, source.Identity) switch
        {
            (_, ReplicaIdentity.Full) or (true, ReplicaIdentity.PrimaryKey) => null,
            (false, ReplicaIdentity.Index) => "has no primary key: its updates are captured where they change the index of its replica identity, its deletes with that index's columns.",
            (false, _) => $"has no primary key: only its inserts are captured. For updates and deletes: {full}.",
            (true, ReplicaIdentity.Index) =>
                "has another replica identity than its primary key: a change of the key leaves the old row behind, and its first delete "
                + $"suspends it. ALTER TABLE {source.Quoted} REPLICA IDENTITY DEFAULT.",
            _ => $"has a primary key that is no replica identity (it is deferrable, or REPLICA IDENTITY NOTHING): a change of the key leaves the old row behind, and its first delete suspends it. {full}.",
        };
    }
}
