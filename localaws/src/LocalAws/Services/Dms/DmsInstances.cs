using System.Text.Json.Nodes;
using LocalAws.Protocols;
using LocalAws.Routing;

namespace LocalAws.Services.Dms;

/// <summary>Replication instances. A task is a process of its own, so an instance holds no more than what the API shows of it.</summary>
internal sealed class DmsInstances(ScopedStore<DmsState> store, DmsSubnetGroups subnetGroups, TimeProvider clock)
{
    private static readonly string[] Modifiable =
    [
        "AllocatedStorage", "ReplicationInstanceClass", "PreferredMaintenanceWindow", "MultiAZ", "EngineVersion", "AutoMinorVersionUpgrade",
        "NetworkType",
    ];

    public JsonObject Create(AwsScope scope, JsonObject input)
    {
        var identifier = input.Required("ReplicationInstanceIdentifier").ToLowerInvariant();
        var state = store[scope];
        if (state.Instances.Values.Any(other => other.Text("ReplicationInstanceIdentifier") == identifier))
        {
            throw new AwsException("ResourceAlreadyExistsFault", $"The replication instance {identifier} already exists.");
        }

        var groupName = input.Text("ReplicationSubnetGroupIdentifier") ?? throw AwsException.NotImplemented(
            "dms", "CreateReplicationInstance without a subnet group (there is no default VPC here)");
        var group = subnetGroups.Find(scope, groupName);
        var arn = scope.Arn("dms", $"rep:{input.Text("ResourceIdentifier") ?? DmsIds.New()}");
        var instance = new JsonObject
        {
            ["ReplicationInstanceIdentifier"] = identifier,
            ["ReplicationInstanceClass"] = input.Required("ReplicationInstanceClass"),
            ["ReplicationInstanceStatus"] = "available",
            ["AllocatedStorage"] = input.Integer("AllocatedStorage") ?? 50,
            ["InstanceCreateTime"] = JsonInput.Epoch(clock.GetUtcNow()),
            ["VpcSecurityGroups"] = SecurityGroups(input),
            ["AvailabilityZone"] = input.Text("AvailabilityZone")
                ?? group["Subnets"]![0]!["SubnetAvailabilityZone"]!["Name"]!.GetValue<string>(),
            ["ReplicationSubnetGroup"] = group.DeepClone(),
            ["PreferredMaintenanceWindow"] = input.Text("PreferredMaintenanceWindow") ?? "sun:06:00-sun:06:30",
            ["PendingModifiedValues"] = new JsonObject(),
            ["MultiAZ"] = input.Boolean("MultiAZ") ?? false,
            ["EngineVersion"] = input.Text("EngineVersion") ?? "3.5.4",
            ["AutoMinorVersionUpgrade"] = input.Boolean("AutoMinorVersionUpgrade") ?? true,
            ["KmsKeyId"] = input.Text("KmsKeyId") ?? scope.Arn("kms", "key/" + Guid.NewGuid()),
            ["ReplicationInstanceArn"] = arn,
            ["ReplicationInstancePrivateIpAddress"] = "127.0.0.1",
            ["ReplicationInstancePrivateIpAddresses"] = new JsonArray("127.0.0.1"),
            ["ReplicationInstancePublicIpAddresses"] = new JsonArray(),
            ["PubliclyAccessible"] = input.Boolean("PubliclyAccessible") ?? true,
            ["NetworkType"] = input.Text("NetworkType") ?? "IPV4",
        };
        state.Instances[arn] = instance;
        state.Tags.Create(arn, input.TagList());
        return new JsonObject { ["ReplicationInstance"] = instance.DeepClone() };
    }

    public JsonObject Modify(AwsScope scope, JsonObject input)
    {
        var arn = input.Required("ReplicationInstanceArn");
        // A copy that takes the old one's place: others may be reading it.
        var instance = (JsonObject)Find(scope, arn).DeepClone();
        foreach (var member in Modifiable)
        {
            if (input[member] is { } value)
            {
                instance[member] = value.DeepClone();
            }
        }

        if (input["VpcSecurityGroupIds"] is JsonArray)
        {
            instance["VpcSecurityGroups"] = SecurityGroups(input);
        }

        store[scope].Instances[arn] = instance;
        return new JsonObject { ["ReplicationInstance"] = instance.DeepClone() };
    }

    public JsonObject Describe(AwsScope scope, JsonObject input) => new()
    {
        ["ReplicationInstances"] = new JsonArray(
            [.. DmsFilters.Apply(input, store[scope].Instances.Values, new Dictionary<string, Func<JsonObject, string?>>
        {
            ["replication-instance-id"] = instance => instance.Text("ReplicationInstanceIdentifier"),
            ["replication-instance-arn"] = instance => instance.Text("ReplicationInstanceArn"),
        }, "Replication instance not found.").Select(instance => instance.DeepClone())]),
    };

    public JsonObject Delete(AwsScope scope, JsonObject input)
    {
        var arn = input.Required("ReplicationInstanceArn");
        var instance = Find(scope, arn);
        var state = store[scope];
        if (state.Tasks.Values.Any(task => task.InstanceArn == arn))
        {
            throw new AwsException(
                "InvalidResourceStateFault",
                $"Replication Instance {instance.Text("ReplicationInstanceIdentifier")} has one or more replication tasks.");
        }

        state.Instances.TryRemove(arn, out _);
        state.Tags.Forget(arn);
        foreach (var connection in state.Connections.Keys.Where(key => key.Instance == arn).ToList())
        {
            state.Connections.TryRemove(connection, out _);
        }

        var deleted = (JsonObject)instance.DeepClone();
        deleted["ReplicationInstanceStatus"] = "deleting";
        return new JsonObject { ["ReplicationInstance"] = deleted };
    }

    public JsonObject Find(AwsScope scope, string arn) =>
        store[scope].Instances.GetValueOrDefault(arn)
            ?? throw new AwsException("ResourceNotFoundFault", $"Replication instance {arn} not found.");

    private static JsonArray SecurityGroups(JsonObject input) =>
        new([.. input.Strings("VpcSecurityGroupIds").Select(id => new JsonObject { ["VpcSecurityGroupId"] = id, ["Status"] = "active" })]);
}
