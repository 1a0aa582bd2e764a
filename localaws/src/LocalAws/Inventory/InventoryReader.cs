using System.Text.Json.Nodes;
using System.Xml.Linq;
using LocalAws.Moto;
using LocalAws.Protocols;
using LocalAws.Routing;
using LocalAws.Services.Athena;
using LocalAws.Services.Dms;
using LocalAws.Services.Events;
using LocalAws.Services.Glue;
using LocalAws.Services.Lambda;
using LocalAws.Services.Lambda.EventSources;
using LocalAws.Services.Rds;

namespace LocalAws.Inventory;

/// <summary>
/// Everything that exists in an account and region, as <c>service/kind → names</c>: what a destroy must bring back to what it was.
/// </summary>
internal sealed class InventoryReader(
    MotoClient moto,
    ScopedStore<RdsState> rds,
    ScopedStore<DmsState> dms,
    ScopedStore<GlueState> glue,
    ScopedStore<AthenaState> athena,
    FunctionRegistry functions,
    EventSourceMappingOperations mappings,
    RuleRegistry rules)
{
    public async Task<JsonObject> ReadAsync(AwsScope scope, CancellationToken cancellationToken)
    {
        var all = new SortedDictionary<string, SortedSet<string>>(StringComparer.Ordinal);
        void Add(string kind, IEnumerable<string> names)
        {
            foreach (var name in names)
            {
                all.TryAdd(kind, new SortedSet<string>(StringComparer.Ordinal));
                all[kind].Add(name);
            }
        }

        foreach (var listing in MotoListing.All)
        {
            Add(listing.Kind, await NamesAsync(scope, listing, cancellationToken));
        }

        // Glue makes its log groups itself and leaves them, on AWS too; they belong to the service.
        if (all.TryGetValue("logs/LogGroup", out var groups))
        {
            groups.RemoveWhere(group => group.StartsWith("/aws-glue/", StringComparison.Ordinal));
        }

        // AWS keeps a key for days after its deletion was ordered, and so does moto; it counts as gone.
        if (all.TryGetValue("kms/Key", out var keys))
        {
            keys.ExceptWith(await PendingDeletionAsync(scope, [.. keys], cancellationToken));
        }

        Add("s3/Bucket", await BucketsAsync(scope, cancellationToken));
        Add("rds/DBInstance", rds[scope].Instances.Keys);
        Add("rds/DBSubnetGroup", rds[scope].SubnetGroups.Keys);
        Add("rds/DBParameterGroup", rds[scope].ParameterGroups.Keys);
        Add("dms/ReplicationSubnetGroup", dms[scope].SubnetGroups.Keys);
        Add("dms/ReplicationInstance", dms[scope].Instances.Keys);
        Add("dms/Endpoint", dms[scope].Endpoints.Keys);
        Add("dms/ReplicationTask", dms[scope].Tasks.Keys);
        Add("dms/Connection", dms[scope].Connections.Keys.Select(key => $"{key.Instance} {key.Endpoint}"));
        Add("glue/Job", glue[scope].Jobs.Keys);
        Add("athena/WorkGroup", athena[scope].WorkGroups.Keys);
        Add("lambda/Function", functions.In(scope).Select(function => function.Arn));
        Add("lambda/EventSourceMapping", mappings.In(scope).Select(mapping => mapping.Arn));
        Add("events/Rule", rules.All.Where(rule => rule.Scope == scope).Select(rule => rule.Name));
        return new JsonObject(
            all.Where(item => item.Value.Count > 0).Select(
                item => KeyValuePair.Create(item.Key, (JsonNode?)new JsonArray([.. item.Value.Select(name => (JsonNode)name)]))));
    }

    private async Task<IEnumerable<string>> NamesAsync(AwsScope scope, MotoListing listing, CancellationToken cancellationToken)
    {
        if (listing.Call.Contains('.', StringComparison.Ordinal))
        {
            return Members(await moto.JsonAsync(scope, listing.Service, listing.Call, [], cancellationToken), listing.Name);
        }

        var form = new Dictionary<string, string>
        {
            ["Action"] = listing.Call,
            ["Version"] = listing.Service == "iam" ? "2010-05-08" : "2016-11-15",
        };
        if (listing.Call == "ListPolicies")
        {
            form["Scope"] = "Local";
        }

        var answer = XElement.Parse(await moto.QueryAsync(scope, listing.Service, form, cancellationToken));
        return answer.Descendants()
            .Where(element => element.Name.LocalName == listing.Name && !element.HasElements && !IsDeleted(element.Parent!))
            .Select(element => element.Value);
    }

    /// <summary>EC2 shows some resources for a while after their deletion, with that as their state.</summary>
    private static bool IsDeleted(XElement resource) =>
        resource.Elements().Any(element => element.Name.LocalName == "state" && element.Value == "deleted");

    /// <summary>The values of a member, wherever it is, one or a list.</summary>
    private static IEnumerable<string> Members(JsonNode? node, string name) => node switch
    {
        JsonObject members => members.SelectMany(member => member.Key == name && member.Value is JsonValue value ? [value.ToString()]
            : member.Key == name && member.Value is JsonArray list
                && list.All(item => item is JsonValue) ? list.Select(item => item!.ToString())
            : Members(member.Value, name)),
        JsonArray items => items.SelectMany(item => Members(item, name)),
        _ => [],
    };

    private async Task<IEnumerable<string>> PendingDeletionAsync(
        AwsScope scope, IReadOnlyList<string> keys, CancellationToken cancellationToken)
    {
        var pending = new List<string>();
        foreach (var key in keys)
        {
            var answer = await moto.JsonAsync(
                scope, "kms", "TrentService.DescribeKey", new JsonObject { ["KeyId"] = key }, cancellationToken);
            if (answer["KeyMetadata"]?["KeyState"]?.GetValue<string>() == "PendingDeletion")
            {
                pending.Add(key);
            }
        }

        return pending;
    }

    private async Task<IEnumerable<string>> BucketsAsync(AwsScope scope, CancellationToken cancellationToken)
    {
        using var answer = await moto.S3Async(scope, HttpMethod.Get, "", "", cancellationToken);
        return XElement.Parse(await answer.Content.ReadAsStringAsync(cancellationToken)).Descendants()
            .Where(element => element.Name.LocalName == "Bucket")
            .Select(element => element.Elements().First(child => child.Name.LocalName == "Name").Value);
    }
}
