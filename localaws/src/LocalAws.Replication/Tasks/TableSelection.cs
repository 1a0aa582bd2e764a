using LocalAws.Replication.Mapping;
using LocalAws.Replication.Messages;
using LocalAws.Replication.Reporting;
using LocalAws.Replication.Settings;
using LocalAws.Replication.Source;

namespace LocalAws.Replication.Tasks;

/// <summary>Matches the rules with the tables that the database has.</summary>
internal sealed class TableSelection(TableMappings mappings, TaskSettings settings, Reporter reporter)
{
    /// <exception cref="ReplicationException">No table matches and the settings say that this is a failure.</exception>
    public async Task<IReadOnlyList<(SourceTable Table, SelectionRule Rule)>> SelectAsync(
        Catalog catalog, CancellationToken cancellationToken)
    {
        var all = await catalog.TablesAsync((schema, table) => mappings.Selects(schema, table) is not null, cancellationToken);
        var selected = all.Where(HasColumns).Select(table => (table, mappings.Selects(table.Schema, table.Name)!)).ToList();
        var missing = mappings.NamedTables
            .Where(rule => !selected.Exists(pair => rule.Matches(pair.table.Schema, pair.table.Name)))
            .Select(rule => (Schema: rule.Schema.Text, Table: rule.Table.Text))
            .ToList();
        foreach (var (schema, table) in missing)
        {
            reporter.Send(new TableMessage { Schema = schema, Table = table, State = TableStates.DoesNotExist, LastUpdate = reporter.Now });
            reporter.Error(
                LogComponents.TablesManager,
                $"Table '{schema}'.'{table}' of the table mappings does not exist in the source database: create it, or "
                + "take it out of the mappings.");
        }

        if (selected.Count == 0 && settings.FailOnNoTablesCaptured)
        {
            var named = missing.Count > 0
                ? " Missing: " + string.Join(", ", missing.Select(name => $"{name.Schema}.{name.Table}")) + "."
                : "";
            throw new ReplicationException(
                "No tables were found at task initialization. "
                + "Either the selected tables no longer exist or no match was found for the table "
                + $"selection patterns.{named}");
        }

        return selected;
    }

    /// <summary>The same tables as the catalog has them now; one that is gone stays as it was.</summary>
    public static async Task<IReadOnlyList<(SourceTable Table, SelectionRule Rule)>> RefreshAsync(
        Catalog catalog, IReadOnlyList<(SourceTable Table, SelectionRule Rule)> selected, CancellationToken cancellationToken)
    {
        var names = selected.Select(pair => (pair.Table.Schema, pair.Table.Name)).ToHashSet();
        var now = (await catalog.TablesAsync((schema, table) => names.Contains((schema, table)), cancellationToken))
            .Where(table => table.Columns.Count > 0)
            .ToDictionary(table => (table.Schema, table.Name));
        return [.. selected.Select(pair => (now.GetValueOrDefault((pair.Table.Schema, pair.Table.Name), pair.Table), pair.Rule))];
    }

    private bool HasColumns(SourceTable table)
    {
        if (table.Columns.Count > 0)
        {
            return true;
        }

        reporter.Warning(LogComponents.TablesManager, $"Table {table.Display} has no columns and is left out.");
        return false;
    }
}
