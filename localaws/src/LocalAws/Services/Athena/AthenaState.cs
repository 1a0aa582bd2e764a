using System.Collections.Concurrent;
using System.Text.Json.Nodes;
using LocalAws.Routing;

namespace LocalAws.Services.Athena;

/// <summary>Work groups and queries of one account and region.</summary>
internal sealed class AthenaState
{
    /// <summary>Work groups as the API shows them, without tags; <c>primary</c> is always there.</summary>
    public ConcurrentDictionary<string, JsonObject> WorkGroups { get; } = new(StringComparer.Ordinal)
    {
        ["primary"] = new JsonObject { ["Name"] = "primary", ["State"] = "ENABLED", ["Configuration"] = new JsonObject() },
    };

    /// <summary>Tags of work groups.</summary>
    public TagStore Tags { get; } = new();

    public ConcurrentDictionary<string, QueryExecution> Queries { get; } = new(StringComparer.Ordinal);

    /// <summary>Query ids by client request token: a repeated start gives the same query.</summary>
    public ConcurrentDictionary<string, string> Tokens { get; } = new(StringComparer.Ordinal);
}
