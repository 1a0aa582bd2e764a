using System.Collections.Concurrent;
using LocalAws.Routing;

namespace LocalAws.Services.Rds;

/// <summary>Instances and groups of one account and region, by lower-case name.</summary>
internal sealed class RdsState
{
    public ConcurrentDictionary<string, DbInstance> Instances { get; } = new(StringComparer.OrdinalIgnoreCase);

    public ConcurrentDictionary<string, SubnetGroup> SubnetGroups { get; } = new(StringComparer.OrdinalIgnoreCase);

    public ConcurrentDictionary<string, ParameterGroup> ParameterGroups { get; } = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>What happened to instances, oldest first.</summary>
    public ConcurrentQueue<DbEvent> Events { get; } = new();

    /// <summary>Tags of instances and groups.</summary>
    public TagStore Tags { get; } = new();
}
