using LocalAws.Replication.Files;
using LocalAws.Replication.Mapping;
using LocalAws.Replication.Reporting;
using LocalAws.Replication.Settings;
using LocalAws.Replication.Source;
using LocalAws.Replication.Values;
using Npgsql;

namespace LocalAws.Replication.Changes;

/// <summary>Finds the captured table that the log describes and, when its definition changed, lets its files change with it.</summary>
internal sealed class RelationResolver(
    string connectionString,
    IReadOnlyDictionary<(string Schema, string Table), CapturedTable> tables,
    TableMappings mappings,
    TypeMapping types,
    S3TargetSettings target,
    TaskSettings task,
    Reporter reporter)
{
    // Ids from here on are those of types that users made: domains, enums.
    private const uint FirstUserType = 16_384;

    public async Task<CapturedTable?> ResolveAsync(RelationMessage relation, CancellationToken cancellationToken)
    {
        if (!tables.TryGetValue((relation.Schema, relation.Table), out var table))
        {
            reporter.Warning(
                LogComponents.SourceCapture, $"Changes of {relation.Schema}.{relation.Table}, which the task did not start with, are not captured.");
            return null;
        }

        var known = table.Source.Columns;
        if (known.Count == relation.Columns.Count && known.Zip(relation.Columns).All(pair => IsSame(pair.First, pair.Second)))
        {
            return table;
        }

        var changed = await ReadAsync(relation, table.Source, cancellationToken);
        if (changed.Columns.SequenceEqual(known))
        {
            return table;
        }

        table.Source = changed;
        table.Filter = new RowFilter(changed, table.Rule.Filters);
        table.Target.ChangeSchema(OutputSchema.Build(changed, mappings, types, target, task));
        table.Target.Statistics.Update(current => current with { Ddls = current.Ddls + 1 });
        reporter.Info(
            LogComponents.SourceCapture,
            $"The definition of {changed.Display} changed: {string.Join(", ", changed.Columns.Select(column => $"{column.Name} {column.Type.Name}"))}.");
        return table;
    }

    private static bool IsSame(SourceColumn known, RelationColumn column) =>
        known.Name == column.Name && known.Type.Oid == column.TypeOid && known.Type.Modifier == column.Modifier && column.TypeOid < FirstUserType;

    private async Task<SourceTable> ReadAsync(RelationMessage relation, SourceTable known, CancellationToken cancellationToken)
    {
        await using var connection = new NpgsqlConnection(connectionString);
        await connection.OpenAsync(cancellationToken);
        var catalog = new Catalog(connection);
        var keys = await catalog.PrimaryKeyAsync(relation.Oid, cancellationToken);
        var columns = new List<SourceColumn>();
        foreach (var column in relation.Columns)
        {
            columns.Add(new SourceColumn(
                column.Name, await catalog.TypeAsync(column.TypeOid, column.Modifier, cancellationToken), keys.Contains(column.Name)));
        }

        return known with { Columns = columns };
    }
}
