using System.Text.Json.Nodes;
using LocalAws.Protocols;
using LocalAws.Replication;
using LocalAws.Replication.Mapping;
using LocalAws.Replication.Messages;
using LocalAws.Routing;

namespace LocalAws.Services.Dms;

/// <summary>Replication tasks: their definition and their life.</summary>
internal sealed class DmsTasks(ScopedStore<DmsState> store, DmsEndpoints endpoints, DmsInstances instances, DmsConnections connections, DmsTaskRunner runner)
{
    private const int MostStatisticsAPage = 500;

    public JsonObject Create(AwsScope scope, JsonObject input)
    {
        var identifier = input.Required("ReplicationTaskIdentifier").ToLowerInvariant();
        var state = store[scope];
        if (state.Tasks.Values.Any(other => other.Identifier == identifier))
        {
            throw new AwsException("ResourceAlreadyExistsFault", $"Replication task {identifier} already exists.");
        }

        var target = endpoints.Find(scope, input.Required("TargetEndpointArn"));
        if (target.Shape["S3Settings"]?["TimestampColumnName"] is JsonValue name && name.GetValue<string>().Length == 0)
        {
            throw new AwsException("InvalidParameterValueException", "TimestampColumnName cannot be an empty string.");
        }

        CheckMappings(input.Required("TableMappings"));
        var arn = scope.Arn("dms", $"task:{input.Text("ResourceIdentifier") ?? DmsIds.New()}");
        var task = new DmsTask
        {
            Identifier = identifier,
            Arn = arn,
            SourceArn = endpoints.Find(scope, input.Required("SourceEndpointArn")).Arn,
            TargetArn = target.Arn,
            InstanceArn = instances.Find(scope, input.Required("ReplicationInstanceArn")).Required("ReplicationInstanceArn"),
            MigrationType = input.Required("MigrationType"),
            TableMappings = input.Required("TableMappings"),
            Settings = TaskSettingsDocument.Merge(TaskSettingsDocument.Defaults(), input.Text("ReplicationTaskSettings")),
            CdcStartPosition = input.Text("CdcStartPosition"),
            CdcStopPosition = Supported(input.Text("CdcStopPosition"), "CdcStopPosition"),
        };
        NameLogs(scope, task);
        state.Tasks[arn] = task;
        DmsTags.Add(state, arn, input);
        return Shape(task);
    }

    public JsonObject Modify(AwsScope scope, JsonObject input)
    {
        var task = Find(scope, input);
        lock (task.Gate)
        {
            Modify(task, input);
        }

        return Shape(task);
    }

    private static void Modify(DmsTask task, JsonObject input)
    {
        if (task.IsActive)
        {
            throw new AwsException(
                "InvalidResourceStateFault", $"Replication Task, excluding logging severity task settings, cannot be modified while it is {task.Status} state");
        }

        if (input.Text("TableMappings") is { } mappings)
        {
            CheckMappings(mappings);
            task.TableMappings = mappings;
        }

        task.MigrationType = input.Text("MigrationType") ?? task.MigrationType;
        task.CdcStartPosition = input.Text("CdcStartPosition") ?? task.CdcStartPosition;
        task.CdcStopPosition = Supported(input.Text("CdcStopPosition"), "CdcStopPosition") ?? task.CdcStopPosition;
        task.Settings = TaskSettingsDocument.Merge(task.Settings, input.Text("ReplicationTaskSettings"));
    }

    public JsonObject Describe(AwsScope scope, JsonObject input)
    {
        var found = DmsFilters.Apply(input, store[scope].Tasks.Values, new Dictionary<string, Func<DmsTask, string?>>
        {
            ["replication-task-id"] = task => task.Identifier,
            ["replication-task-arn"] = task => task.Arn,
            ["migration-type"] = task => task.MigrationType,
            ["endpoint-arn"] = task => Wanted(input, "endpoint-arn").FirstOrDefault(arn => arn == task.SourceArn || arn == task.TargetArn),
            ["replication-instance-arn"] = task => task.InstanceArn,
        }, "No Tasks found matching provided filters");
        var withSettings = !(input.Boolean("WithoutSettings") ?? false);
        return new JsonObject { ["ReplicationTasks"] = new JsonArray([.. found.Select(task => (JsonNode)task.Describe(withSettings))]) };
    }

    public async Task<JsonObject> StartAsync(AwsScope scope, JsonObject input, CancellationToken cancellationToken)
    {
        var task = Find(scope, input);
        var startType = input.Required("StartReplicationTaskType");
        _ = Supported(input.Text("CdcStopPosition"), "CdcStopPosition");
        var before = Claim(task, startType);
        try
        {
            await TestConnectionsAsync(scope, task, cancellationToken);
            await runner.StartAsync(scope, task, startType, input.Text("CdcStartPosition"), cancellationToken);
        }
        catch
        {
            lock (task.Gate)
            {
                // A process that was started and ended has said so itself.
                task.Status = task.Status == "starting" && task.Process is null ? before : task.Status;
            }

            throw;
        }

        return Shape(task);
    }

    /// <summary>Makes the task <c>starting</c>, so that nobody else starts, changes or deletes it.</summary>
    /// <returns>The state that it was in.</returns>
    private static string Claim(DmsTask task, string startType)
    {
        lock (task.Gate)
        {
            var startable = startType switch
            {
                StartTypes.Start => task.Status is "ready" || (task.MigrationType == MigrationTypes.Cdc && task.Status is "stopped" or "failed"),
                StartTypes.Resume => task.Status is "stopped" or "failed" && task.Started is not null,
                StartTypes.Reload => task.Status is "ready" or "stopped" or "failed",
                _ => throw new AwsException(
                    "InvalidParameterValueException",
                    $"StartReplicationTaskType '{startType}' is not one of start-replication, resume-processing, reload-target."),
            };
            if (!startable)
            {
                throw new AwsException(
                    "InvalidResourceStateFault", $"Replication Task cannot be started, invalid state (it is {task.Status}, and {startType} was asked for)");
            }

            var before = task.Status;
            task.Status = "starting";
            return before;
        }
    }

    private async Task TestConnectionsAsync(AwsScope scope, DmsTask task, CancellationToken cancellationToken)
    {
        var instance = instances.Find(scope, task.InstanceArn);
        foreach (var endpointArn in new[] { task.SourceArn, task.TargetArn })
        {
            var endpoint = endpoints.Find(scope, endpointArn);
            if (store[scope].Connections.GetValueOrDefault((task.InstanceArn, endpointArn))?.Text("Status") == "successful")
            {
                continue;
            }

            if (await connections.TestAsync(scope, instance, endpoint, cancellationToken) is { } failure)
            {
                throw new AwsException(
                    "InvalidResourceStateFault",
                    $"Test connection for replication instance and endpoint {endpoint.Identifier} should be successful for starting the replication task. {failure}");
            }
        }

    }

    public async Task<JsonObject> StopAsync(AwsScope scope, JsonObject input)
    {
        var task = Find(scope, input);
        lock (task.Gate)
        {
            if (task.Status is not ("running" or "starting") || task.Process is null)
            {
                throw new AwsException("InvalidResourceStateFault", $"Replication Task {task.Identifier} is currently not running.");
            }

            task.Status = "stopping";
        }

        await DmsTaskRunner.StopAsync(task);
        return Shape(task);
    }

    public JsonObject Delete(AwsScope scope, JsonObject input)
    {
        var task = Find(scope, input);
        lock (task.Gate)
        {
            if (task.IsActive)
            {
                throw new AwsException("InvalidResourceStateFault", $"Replication Task {task.Identifier} is {task.Status}; stop it before it is deleted.");
            }

            if (task.Status != "deleting")
            {
                task.Status = "deleting";
                _ = Task.Run(() => RemoveAsync(scope, task));
            }
        }

        return Shape(task);
    }

    private async Task RemoveAsync(AwsScope scope, DmsTask task)
    {
        try
        {
            await runner.CleanUpAsync(scope, task);
        }
        finally
        {
            // Whatever is left in the source: a task that is deleted goes, and who waits for it does not wait for ever.
            store[scope].Tasks.TryRemove(task.Arn, out _);
            store[scope].Tags.TryRemove(task.Arn, out _);
        }
    }

    public JsonObject Statistics(AwsScope scope, JsonObject input)
    {
        var task = Find(scope, input);
        var rows = DmsFilters.Apply(input, task.Tables.Values.OrderBy(table => (table.Schema, table.Table)), new Dictionary<string, Func<TableMessage, string?>>
        {
            ["schema-name"] = table => table.Schema,
            ["table-name"] = table => table.Table,
            ["table-state"] = table => table.State,
        }, "No table statistics found matching provided filters");
        var offset = int.TryParse(input.Text("Marker"), out var marker) ? marker : 0;
        var most = Math.Min(input.Integer("MaxRecords") ?? 100, MostStatisticsAPage);
        var output = new JsonObject { ["ReplicationTaskArn"] = task.Arn, ["TableStatistics"] = new JsonArray([.. rows.Skip(offset).Take(most).Select(Row)]) };
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
            ["FullLoadReloaded"] = false,
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

    private void NameLogs(AwsScope scope, DmsTask task)
    {
        if (task.Settings["Logging"] is JsonObject logging && (logging.Boolean("EnableLogging") ?? false))
        {
            logging["CloudWatchLogGroup"] = $"dms-tasks-{instances.Find(scope, task.InstanceArn).Required("ReplicationInstanceIdentifier")}";
            logging["CloudWatchLogStream"] = $"dms-task-{task.ResourceId}";
        }
    }

    private static void CheckMappings(string mappings)
    {
        try
        {
            _ = TableMappings.Parse(mappings);
        }
        catch (ReplicationException refused)
        {
            throw new AwsException("InvalidParameterValueException", refused.Message);
        }
    }

    private static string? Supported(string? value, string member) =>
        string.IsNullOrEmpty(value) ? null : throw AwsException.NotImplemented("dms", $"a task with {member}");

    private static IEnumerable<string> Wanted(JsonObject input, string filter) =>
        (input["Filters"] as JsonArray ?? []).OfType<JsonObject>().Where(item => item.Text("Name") == filter).SelectMany(item => item.Strings("Values"));

    private DmsTask Find(AwsScope scope, JsonObject input)
    {
        var arn = input.Required("ReplicationTaskArn");
        return store[scope].Tasks.GetValueOrDefault(arn) ?? throw new AwsException("ResourceNotFoundFault", $"Replication task {arn} not found.");
    }

    private static JsonObject Shape(DmsTask task) => new() { ["ReplicationTask"] = task.Describe() };
}
