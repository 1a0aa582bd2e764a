using System.Text.Json.Nodes;
using LocalAws.Moto;
using LocalAws.Protocols;
using LocalAws.Routing;
using LocalAws.Services.Ec2;

namespace LocalAws.Services.Dms;

/// <summary>Replication subnet groups. They need the role <c>dms-vpc-role</c>, on AWS and here.</summary>
internal sealed class DmsSubnetGroups(ScopedStore<DmsState> store, MotoClient moto, SubnetLookup subnets)
{
    private const string VpcRole = "dms-vpc-role";

    public async Task<JsonObject> CreateAsync(AwsScope scope, JsonObject input, CancellationToken cancellationToken)
    {
        var name = input.Required("ReplicationSubnetGroupIdentifier").ToLowerInvariant();
        await RequireVpcRoleAsync(scope, cancellationToken);
        var group = new JsonObject
        {
            ["ReplicationSubnetGroupIdentifier"] = name,
            ["ReplicationSubnetGroupDescription"] = input.Required("ReplicationSubnetGroupDescription"),
            ["SubnetGroupStatus"] = "Complete",
            ["SupportedNetworkTypes"] = new JsonArray("IPV4"),
        };
        await SetSubnetsAsync(scope, group, input, cancellationToken);
        if (!store[scope].SubnetGroups.TryAdd(name, group))
        {
            throw new AwsException("ResourceAlreadyExistsFault", $"The replication subnet group {name} already exists.");
        }

        store[scope].Tags.Create(scope.Arn("dms", $"subgrp:{name}"), input.TagList());
        return new JsonObject { ["ReplicationSubnetGroup"] = group.DeepClone() };
    }

    public async Task<JsonObject> ModifyAsync(AwsScope scope, JsonObject input, CancellationToken cancellationToken)
    {
        var name = input.Required("ReplicationSubnetGroupIdentifier");
        // A copy that takes the old one's place: others may be reading it.
        var group = (JsonObject)Find(scope, name).DeepClone();
        if (input.Text("ReplicationSubnetGroupDescription") is { } description)
        {
            group["ReplicationSubnetGroupDescription"] = description;
        }

        await SetSubnetsAsync(scope, group, input, cancellationToken);
        store[scope].SubnetGroups[name] = group;
        return new JsonObject { ["ReplicationSubnetGroup"] = group.DeepClone() };
    }

    public JsonObject Describe(AwsScope scope, JsonObject input) => new()
    {
        ["ReplicationSubnetGroups"] = new JsonArray(
            [.. DmsFilters.Apply(input, store[scope].SubnetGroups.Values, new Dictionary<string, Func<JsonObject, string?>>
        {
            ["replication-subnet-group-id"] = group => group.Text("ReplicationSubnetGroupIdentifier"),
        }, "No replication subnet groups found matching provided filters").Select(group => group.DeepClone())]),
    };

    public JsonObject Delete(AwsScope scope, JsonObject input)
    {
        var group = Find(scope, input.Required("ReplicationSubnetGroupIdentifier"));
        var name = group.Required("ReplicationSubnetGroupIdentifier");
        var used = store[scope].Instances.Values.Select(
            instance => instance["ReplicationSubnetGroup"]?["ReplicationSubnetGroupIdentifier"]?.GetValue<string>());
        if (used.Contains(name))
        {
            throw new AwsException("InvalidResourceStateFault", $"The replication subnet group {name} is used by a replication instance.");
        }

        store[scope].SubnetGroups.TryRemove(name, out _);
        store[scope].Tags.Forget(scope.Arn("dms", $"subgrp:{name}"));
        return [];
    }

    public JsonObject Find(AwsScope scope, string name) =>
        store[scope].SubnetGroups.GetValueOrDefault(name)
            ?? throw new AwsException("ResourceNotFoundFault", $"Replication subnet group {name} not found.");

    private async Task RequireVpcRoleAsync(AwsScope scope, CancellationToken cancellationToken)
    {
        try
        {
            await moto.QueryAsync(
                scope,
                "iam",
                new Dictionary<string, string> { ["Action"] = "GetRole", ["Version"] = "2010-05-08", ["RoleName"] = VpcRole },
                cancellationToken);
        }
        catch (AwsException)
        {
            throw new AwsException(
                "AccessDeniedFault", $"The IAM Role arn:aws:iam::{scope.AccountId}:role/{VpcRole} is not configured properly.");
        }
    }

    private async Task SetSubnetsAsync(AwsScope scope, JsonObject group, JsonObject input, CancellationToken cancellationToken)
    {
        var found = await subnets.FindAsync(scope, input.Strings("SubnetIds"), cancellationToken);
        if (found.Select(subnet => subnet.Zone).Distinct(StringComparer.Ordinal).Count() < 2)
        {
            throw new AwsException(
                "ReplicationSubnetGroupDoesNotCoverEnoughAZs",
                "The replication subnet group doesn't meet Availability Zone (AZ) coverage requirement. Please edit the replication subnet "
                + "group to cover at least 2 AZs.");
        }

        group["VpcId"] = found[0].VpcId;
        group["Subnets"] = new JsonArray([.. found.Select(subnet => new JsonObject
        {
            ["SubnetIdentifier"] = subnet.Id,
            ["SubnetAvailabilityZone"] = new JsonObject { ["Name"] = subnet.Zone },
            ["SubnetStatus"] = "Active",
        })]);
    }
}
