using System.Text.Json.Nodes;
using LocalAws.Protocols;
using LocalAws.Replication;
using LocalAws.Routing;

namespace LocalAws.Services.Dms;

/// <summary>Has tables of a running task loaded again.</summary>
internal sealed class DmsTableReloads(DmsTasks tasks)
{
    private const int MostACall = 10;
    private const string DataReload = "data-reload";
    private const string ValidateOnly = "validate-only";

    /// <summary>ReloadTables.</summary>
    public JsonObject Reload(AwsScope scope, JsonObject input)
    {
        var task = tasks.Find(scope, input);
        switch (input.Text("ReloadOption") ?? DataReload)
        {
            case DataReload:
                break;
            case ValidateOnly:
                throw AwsException.NotImplemented("dms", "ReloadTables with validate-only");
            case var other:
                throw Invalid($"ReloadOption '{other}' is not one of {DataReload}, {ValidateOnly}.");
        }

        var tables = Tables(input);
        if (task.MigrationType == MigrationTypes.FullLoad)
        {
            throw AwsException.NotImplemented("dms", "ReloadTables of a task of the type full-load");
        }

        if (task.MigrationType == MigrationTypes.Cdc)
        {
            throw new AwsException(
                "InvalidResourceStateFault", $"Replication Task {task.Identifier} is of the type cdc and loads no tables.");
        }

        foreach (var table in tables.Where(table => !task.Tables.ContainsKey((table.Schema, table.Table))))
        {
            throw new AwsException(
                "ResourceNotFoundFault", $"Replication Task {task.Identifier} does not have the table {table.Schema}.{table.Table}.");
        }

        DmsTaskRunner.Reload(task, tables);
        return new JsonObject { ["ReplicationTaskArn"] = task.Arn };
    }

    private static List<NamedTable> Tables(JsonObject input)
    {
        var tables = (input["TablesToReload"] as JsonArray ?? []).OfType<JsonObject>()
            .Select(table => new NamedTable(table.Required("SchemaName"), table.Required("TableName"))).ToList();
        if (tables.Count is 0 or > MostACall)
        {
            throw Invalid($"TablesToReload has {tables.Count} tables; it takes 1 to {MostACall}.");
        }

        var names = string.Join(", ", tables.Select(table => $"{table.Schema}.{table.Table}"));
        return tables.Distinct().Count() == tables.Count ? tables : throw Invalid($"TablesToReload has a table twice: {names}.");
    }

    private static AwsException Invalid(string message) => new("InvalidParameterValueException", message);
}
