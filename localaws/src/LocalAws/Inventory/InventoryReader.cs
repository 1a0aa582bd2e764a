using System.Text.Json.Nodes;
using LocalAws.Moto;
using LocalAws.Routing;
using LocalAws.Services.Athena;
using LocalAws.Services.Dms;
using LocalAws.Services.Glue;
using LocalAws.Services.Lambda;
using LocalAws.Services.Rds;

namespace LocalAws.Inventory;

/// <summary>Everything that exists in this AWS, as <c>service/kind → names</c>: what a destroy must bring back to what it was.</summary>
public sealed class InventoryReader(
    MotoClient moto, ScopedStore<RdsState> rds, ScopedStore<DmsState> dms, ScopedStore<GlueState> glue, ScopedStore<AthenaState> athena, FunctionRegistry functions)
{
    /// <summary>Kinds of moto's that are records of what happened, not resources.</summary>
    private static readonly HashSet<string> Records = ["FakeKey", "ManagedPolicy", "AWSManagedPolicy"];

    public async Task<JsonObject> ReadAsync(CancellationToken cancellationToken)
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

        foreach (var (service, models) in await moto.DataAsync(cancellationToken))
        {
            foreach (var (model, instances) in models as JsonObject ?? [])
            {
                if (!Records.Contains(model))
                {
                    Add($"{service}/{model}", (instances as JsonArray ?? []).OfType<JsonObject>().Where(IsThere).Select(NameOf));
                }
            }
        }

        foreach (var (_, state) in rds.All)
        {
            Add("rds/DBInstance", state.Instances.Keys);
            Add("rds/DBSubnetGroup", state.SubnetGroups.Keys);
            Add("rds/DBParameterGroup", state.ParameterGroups.Keys);
        }

        foreach (var (_, state) in dms.All)
        {
            Add("dms/ReplicationSubnetGroup", state.SubnetGroups.Keys);
            Add("dms/ReplicationInstance", state.Instances.Keys);
            Add("dms/Endpoint", state.Endpoints.Keys);
            Add("dms/ReplicationTask", state.Tasks.Keys);
            Add("dms/Connection", state.Connections.Keys.Select(key => $"{key.Instance} {key.Endpoint}"));
        }

        foreach (var (_, state) in glue.All)
        {
            Add("glue/Job", state.Jobs.Keys);
        }

        foreach (var (_, state) in athena.All)
        {
            Add("athena/WorkGroup", state.WorkGroups.Keys);
        }

        Add("lambda/Function", functions.All.Select(function => function.Arn));
        return new JsonObject(all.Select(item => KeyValuePair.Create(item.Key, (JsonNode?)new JsonArray([.. item.Value.Select(name => (JsonNode)name)]))));
    }

    /// <summary>A KMS key that waits for its deletion stays for days, as on AWS.</summary>
    private static bool IsThere(JsonObject instance) => instance["key_state"]?.ToString() != "PendingDeletion";

    private static string NameOf(JsonObject instance)
    {
        foreach (var member in new[] { "arn", "_arn", "id", "name", "key_id" })
        {
            if (instance[member] is JsonValue value)
            {
                return value.ToString();
            }
        }

        return instance.ToJsonString();
    }
}
