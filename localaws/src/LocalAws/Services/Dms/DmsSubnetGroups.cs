using System.Text.Json.Nodes;
using System.Xml.Linq;
using LocalAws.Moto;
using LocalAws.Protocols;
using LocalAws.Routing;

namespace LocalAws.Services.Dms;

/// <summary>Replication subnet groups. They need the role <c>dms-vpc-role</c>, on AWS and here.</summary>
public sealed class DmsSubnetGroups(ScopedStore<DmsState> store, MotoClient moto)
{
    private const string VpcRole = "dms-vpc-role";

    private static readonly XNamespace Ec2 = "http://ec2.amazonaws.com/doc/2016-11-15/";

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

        DmsTags.Add(store[scope], scope.Arn("dms", $"subgrp:{name}"), input);
        return new JsonObject { ["ReplicationSubnetGroup"] = group.DeepClone() };
    }

    public async Task<JsonObject> ModifyAsync(AwsScope scope, JsonObject input, CancellationToken cancellationToken)
    {
        var group = Find(scope, input.Required("ReplicationSubnetGroupIdentifier"));
        if (input.Text("ReplicationSubnetGroupDescription") is { } description)
        {
            group["ReplicationSubnetGroupDescription"] = description;
        }

        await SetSubnetsAsync(scope, group, input, cancellationToken);
        return new JsonObject { ["ReplicationSubnetGroup"] = group.DeepClone() };
    }

    public JsonObject Describe(AwsScope scope, JsonObject input) => new()
    {
        ["ReplicationSubnetGroups"] = new JsonArray([.. DmsFilters.Apply(input, store[scope].SubnetGroups.Values, new Dictionary<string, Func<JsonObject, string?>>
        {
            ["replication-subnet-group-id"] = group => group.Text("ReplicationSubnetGroupIdentifier"),
        }, "No replication subnet groups found matching provided filters").Select(group => group.DeepClone())]),
    };

    public JsonObject Delete(AwsScope scope, JsonObject input)
    {
        var group = Find(scope, input.Required("ReplicationSubnetGroupIdentifier"));
        var name = group.Required("ReplicationSubnetGroupIdentifier");
        if (store[scope].Instances.Values.Any(instance => instance["ReplicationSubnetGroup"]?["ReplicationSubnetGroupIdentifier"]?.GetValue<string>() == name))
        {
            throw new AwsException("InvalidResourceStateFault", $"The replication subnet group {name} is used by a replication instance.");
        }

        store[scope].SubnetGroups.TryRemove(name, out _);
        store[scope].Tags.TryRemove(scope.Arn("dms", $"subgrp:{name}"), out _);
        return [];
    }

    public JsonObject Find(AwsScope scope, string name) =>
        store[scope].SubnetGroups.GetValueOrDefault(name) ?? throw new AwsException("ResourceNotFoundFault", $"Replication subnet group {name} not found.");

    private async Task RequireVpcRoleAsync(AwsScope scope, CancellationToken cancellationToken)
    {
        try
        {
            await moto.QueryAsync(scope, "iam", new Dictionary<string, string> { ["Action"] = "GetRole", ["Version"] = "2010-05-08", ["RoleName"] = VpcRole }, cancellationToken);
        }
        catch (AwsException)
        {
            throw new AwsException("AccessDeniedFault", $"The IAM Role arn:aws:iam::{scope.AccountId}:role/{VpcRole} is not configured properly.");
        }
    }

    private async Task SetSubnetsAsync(AwsScope scope, JsonObject group, JsonObject input, CancellationToken cancellationToken)
    {
        var ids = input.Strings("SubnetIds");
        var form = new Dictionary<string, string> { ["Action"] = "DescribeSubnets", ["Version"] = "2016-11-15" };
        for (var index = 0; index < ids.Count; index++)
        {
            form[$"SubnetId.{index + 1}"] = ids[index];
        }

        List<XElement> subnets;
        try
        {
            subnets = [.. XElement.Parse(await moto.QueryAsync(scope, "ec2", form, cancellationToken)).Elements(Ec2 + "subnetSet").Elements(Ec2 + "item")];
        }
        catch (AwsException)
        {
            throw new AwsException("InvalidSubnet", $"One or more of the subnets {string.Join(", ", ids)} do not exist.");
        }

        if (subnets.Select(subnet => subnet.Element(Ec2 + "availabilityZone")!.Value).Distinct(StringComparer.Ordinal).Count() < 2)
        {
            throw new AwsException("ReplicationSubnetGroupDoesNotCoverEnoughAZs", "The replication subnet group doesn't meet Availability Zone (AZ) coverage requirement. Please edit the replication subnet group to cover at least 2 AZs.");
        }

        group["VpcId"] = subnets[0].Element(Ec2 + "vpcId")!.Value;
        group["Subnets"] = new JsonArray([.. subnets.Select(subnet => new JsonObject
        {
            ["SubnetIdentifier"] = subnet.Element(Ec2 + "subnetId")!.Value,
            ["SubnetAvailabilityZone"] = new JsonObject { ["Name"] = subnet.Element(Ec2 + "availabilityZone")!.Value },
            ["SubnetStatus"] = "Active",
        })]);
    }
}
