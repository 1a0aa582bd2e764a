using System.Text.Json.Nodes;
using LocalAws.Protocols;
using LocalAws.Replication.Messages;
using LocalAws.Routing;

namespace LocalAws.Services.Dms;

/// <summary>What a task says of its tables.</summary>
internal sealed class DmsTableStatistics(DmsTasks tasks)
{
    private const int UsualPage = 100;
    private const int MostAPage = 500;

    public JsonObject Describe(AwsScope scope, JsonObject input)
    {
        var task = tasks.Find(scope, input);
        var tables = task.Tables.Values.OrderBy(table => (table.Schema, table.Table));
        var rows = DmsFilters.Apply(input, tables, new Dictionary<string, Func<TableMessage, string?>>
        {
            ["schema-name"] = table => table.Schema,
            ["table-name"] = table => table.Table,
            ["table-state"] = table => table.State,
        }, "No table statistics found matching provided filters");
        var offset = input.Offset("Marker");
        var most = Math.Min(input.Integer("MaxRecords") ?? UsualPage, MostAPage);
        var output = new JsonObject
        {
            ["ReplicationTaskArn"] = task.Arn,
            ["TableStatistics"] = new JsonArray([.. rows.Skip(offset).Take(most).Select(Row)]),
        };
        if (rows.Count > offset + most)
        {
            output["Marker"] = $"{offset + most}";
        }

        return output;
    }

    private static JsonNode Row(TableMessage table)
    {
        var row = new JsonObject
        {
            ["SchemaName"] = table.Schema,
            ["TableName"] = table.Table,
            ["TableState"] = table.State,
            ["FullLoadRows"] = table.FullLoadRows,
            ["FullLoadErrorRows"] = table.FullLoadErrorRows,
            ["FullLoadCondtnlChkFailedRows"] = 0,
            ["FullLoadReloaded"] = table.FullLoadReloaded,
            ["Inserts"] = table.Inserts,
            ["Updates"] = table.Updates,
            ["Deletes"] = table.Deletes,
            ["Ddls"] = table.Ddls,
            ["AppliedInserts"] = table.AppliedInserts,
            ["AppliedUpdates"] = table.AppliedUpdates,
            ["AppliedDeletes"] = table.AppliedDeletes,
            ["AppliedDdls"] = table.Ddls,
            ["LastUpdateTime"] = JsonInput.Epoch(table.LastUpdate),
            ["ValidationState"] = "Not enabled",
        };
        if (table.FullLoadStart is { } start)
        {
            row["FullLoadStartTime"] = JsonInput.Epoch(start);
        }

        if (table.FullLoadEnd is { } end)
        {
            row["FullLoadEndTime"] = JsonInput.Epoch(end);
        }

        return row;
    }
}
