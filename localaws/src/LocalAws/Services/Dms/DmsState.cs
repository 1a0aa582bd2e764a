using System.Collections.Concurrent;
using System.Text.Json.Nodes;
using LocalAws.Routing;

namespace LocalAws.Services.Dms;

/// <summary>The DMS resources of one account and region. Structures are kept as the API shows them.</summary>
internal sealed class DmsState
{
    /// <summary>By name.</summary>
    public ConcurrentDictionary<string, JsonObject> SubnetGroups { get; } = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>By ARN.</summary>
    public ConcurrentDictionary<string, JsonObject> Instances { get; } = new(StringComparer.Ordinal);

    /// <summary>By ARN.</summary>
    public ConcurrentDictionary<string, DmsEndpoint> Endpoints { get; } = new(StringComparer.Ordinal);

    /// <summary>By ARN.</summary>
    public ConcurrentDictionary<string, DmsTask> Tasks { get; } = new(StringComparer.Ordinal);

    /// <summary>Results of connection tests, by instance and endpoint ARN.</summary>
    public ConcurrentDictionary<(string Instance, string Endpoint), JsonObject> Connections { get; } = new();

    public TagStore Tags { get; } = new();
}
