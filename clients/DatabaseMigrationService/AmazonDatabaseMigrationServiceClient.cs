using System.Text.Json.Nodes;
using Amazon.DatabaseMigrationService.Model;
using Amazon.Thin;

namespace Amazon.DatabaseMigrationService;

/// <summary>AWS DMS. The requests that create something are given as AWS documents them.</summary>
public sealed class AmazonDatabaseMigrationServiceClient() : JsonServiceClient("Database Migration Service", "dms", "AmazonDMSv20160101")
{
    /// <summary>Begins the test of an endpoint; <see cref="DescribeConnectionsAsync"/> tells its result.</summary>
    public Task TestConnectionAsync(string replicationInstanceArn, string endpointArn, CancellationToken cancellationToken) =>
        InvokeAsync("TestConnection", new JsonObject { ["ReplicationInstanceArn"] = replicationInstanceArn, ["EndpointArn"] = endpointArn }, cancellationToken);

    public async Task<IReadOnlyList<Connection>> DescribeConnectionsAsync(string endpointArn, CancellationToken cancellationToken)
    {
        var output = await InvokeAsync(
            "DescribeConnections", new JsonObject { ["Filters"] = JsonMembers.Filter("endpoint-arn", endpointArn) },
            cancellationToken).ConfigureAwait(false);
        return [.. output.Items("Connections").Select(item => new Connection(
            item.Required("EndpointArn"), item.Required("EndpointIdentifier"), item.Required("Status"),
            item.Text("LastFailureMessage") ?? ""))];
    }

    /// <param name="startType">start-replication, resume-processing or reload-target.</param>
    public Task StartReplicationTaskAsync(string taskArn, string startType, CancellationToken cancellationToken) =>
        InvokeAsync("StartReplicationTask", new JsonObject { ["ReplicationTaskArn"] = taskArn, ["StartReplicationTaskType"] = startType }, cancellationToken);

    public Task StopReplicationTaskAsync(string taskArn, CancellationToken cancellationToken) =>
        InvokeAsync("StopReplicationTask", new JsonObject { ["ReplicationTaskArn"] = taskArn }, cancellationToken);

    /// <exception cref="Runtime.AmazonServiceException">ResourceNotFoundFault: there is no such task.</exception>
    public async Task<ReplicationTask> DescribeReplicationTaskAsync(string taskArn, CancellationToken cancellationToken)
    {
        var input = new JsonObject { ["Filters"] = JsonMembers.Filter("replication-task-arn", taskArn), ["WithoutSettings"] = true };
        var task = (await InvokeAsync(
            "DescribeReplicationTasks", input, cancellationToken).ConfigureAwait(false)).Items("ReplicationTasks").Single();
        return new ReplicationTask(
            task.Required("ReplicationTaskArn"),
            task.Required("ReplicationTaskIdentifier"),
            task.Required("Status"),
            task.Text("StopReason"),
            task.Text("LastFailureMessage") ?? "",
            (task["ReplicationTaskStats"] as JsonObject)?.Number("FullLoadProgressPercent") ?? 0,
            task.Time("ReplicationTaskStartDate"));
    }

    public async Task<IReadOnlyList<TableStatistics>> DescribeTableStatisticsAsync(string taskArn, CancellationToken cancellationToken)
    {
        var tables = new List<TableStatistics>();
        var input = new JsonObject { ["ReplicationTaskArn"] = taskArn };
        do
        {
            var page = await InvokeAsync("DescribeTableStatistics", input, cancellationToken).ConfigureAwait(false);
            tables.AddRange(page.Items("TableStatistics").Select(table => new TableStatistics(
                table.Required("SchemaName"), table.Required("TableName"), table.Required("TableState"),
                table.Number("FullLoadRows"), table.Number("Inserts"), table.Number("Updates"), table.Number("Deletes"))
            {
                FullLoadStartTime = table.Time("FullLoadStartTime"),
                FullLoadEndTime = table.Time("FullLoadEndTime"),
                FullLoadReloaded = table["FullLoadReloaded"]?.GetValue<bool>() ?? false,
            }));
            input["Marker"] = page.Text("Marker");
        }
        while (input["Marker"] is not null);

        return tables;
    }

    /// <summary>Has tables of a running task loaded again, at most ten a call.</summary>
    public Task ReloadTablesAsync(string taskArn, IEnumerable<TableToReload> tables, CancellationToken cancellationToken)
    {
        var reloaded = tables.Select(
            table => (JsonNode)new JsonObject { ["SchemaName"] = table.SchemaName, ["TableName"] = table.TableName });
        var input = new JsonObject { ["ReplicationTaskArn"] = taskArn, ["TablesToReload"] = new JsonArray([.. reloaded]) };
        return InvokeAsync("ReloadTables", input, cancellationToken);
    }

    /// <returns>The endpoint's ARN.</returns>
    public async Task<string> CreateEndpointAsync(JsonObject request, CancellationToken cancellationToken) =>
        ((JsonObject)(await InvokeAsync(
            "CreateEndpoint", request, cancellationToken).ConfigureAwait(false))["Endpoint"]!).Required("EndpointArn");

    /// <returns>The task's ARN.</returns>
    public async Task<string> CreateReplicationTaskAsync(JsonObject request, CancellationToken cancellationToken) =>
        ((JsonObject)(await InvokeAsync(
            "CreateReplicationTask", request, cancellationToken).ConfigureAwait(false))["ReplicationTask"]!).Required("ReplicationTaskArn");

    /// <summary>Changes a task that does not run.</summary>
    public Task ModifyReplicationTaskAsync(JsonObject request, CancellationToken cancellationToken) =>
        InvokeAsync("ModifyReplicationTask", request, cancellationToken);

    public Task DeleteEndpointAsync(string endpointArn, CancellationToken cancellationToken) =>
        InvokeAsync("DeleteEndpoint", new JsonObject { ["EndpointArn"] = endpointArn }, cancellationToken);

    public Task DeleteReplicationTaskAsync(string taskArn, CancellationToken cancellationToken) =>
        InvokeAsync("DeleteReplicationTask", new JsonObject { ["ReplicationTaskArn"] = taskArn }, cancellationToken);
}
