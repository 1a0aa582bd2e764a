using System.Text.Json.Nodes;
using LocalAws.Protocols;
using LocalAws.Replication;
using LocalAws.Replication.Mapping;
using LocalAws.Routing;

namespace LocalAws.Services.Dms;

/// <summary>Replication tasks as they are defined; <see cref="DmsTaskLife"/> starts, stops and removes them.</summary>
internal sealed class DmsTasks(ScopedStore<DmsState> store, DmsEndpoints endpoints, DmsInstances instances, TimeProvider clock)
{
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
            CdcStopPosition = RefuseStopPosition(input),
            Created = clock.GetUtcNow(),
        };
        NameLogs(scope, task);
        state.Tasks[arn] = task;
        state.Tags.Create(arn, input.TagList());
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
                "InvalidResourceStateFault",
                $"Replication Task, excluding logging severity task settings, cannot be modified while it is {task.Status} state");
        }

        if (input.Text("TableMappings") is { } mappings)
        {
            CheckMappings(mappings);
            task.TableMappings = mappings;
        }

        task.MigrationType = input.Text("MigrationType") ?? task.MigrationType;
        task.CdcStartPosition = input.Text("CdcStartPosition") ?? task.CdcStartPosition;
        task.CdcStopPosition = RefuseStopPosition(input) ?? task.CdcStopPosition;
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
        var now = clock.GetUtcNow();
        return new JsonObject
        {
            ["ReplicationTasks"] = new JsonArray([.. found.Select(task => (JsonNode)task.Describe(now, withSettings))]),
        };
    }

    private void NameLogs(AwsScope scope, DmsTask task)
    {
        if (task.Settings["Logging"] is JsonObject logging && (logging.Boolean("EnableLogging") ?? false))
        {
            logging["CloudWatchLogGroup"] =
                $"dms-tasks-{instances.Find(scope, task.InstanceArn).Required("ReplicationInstanceIdentifier")}";
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

    /// <exception cref="AwsException">The request has a stop position, which is not implemented.</exception>
    public static string? RefuseStopPosition(JsonObject input) =>
        string.IsNullOrEmpty(input.Text("CdcStopPosition"))
            ? null
            : throw AwsException.NotImplemented("dms", "a task with CdcStopPosition");

    private static IEnumerable<string> Wanted(JsonObject input, string filter) =>
        (input["Filters"] as JsonArray ?? []).OfType<JsonObject>()
            .Where(item => item.Text("Name") == filter)
            .SelectMany(item => item.Strings("Values"));

    public DmsTask Find(AwsScope scope, JsonObject input)
    {
        var arn = input.Required("ReplicationTaskArn");
        return store[scope].Tasks.GetValueOrDefault(arn)
            ?? throw new AwsException("ResourceNotFoundFault", $"Replication task {arn} not found.");
    }

    /// <summary>The answer that shows a task.</summary>
    public JsonObject Shape(DmsTask task) => new() { ["ReplicationTask"] = task.Describe(clock.GetUtcNow()) };
}
