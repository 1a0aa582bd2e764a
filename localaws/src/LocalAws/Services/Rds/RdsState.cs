using System.Collections.Concurrent;

namespace LocalAws.Services.Rds;

/// <summary>Instances and groups of one account and region, by lower-case name.</summary>
internal sealed class RdsState
{
    public ConcurrentDictionary<string, DbInstance> Instances { get; } = new(StringComparer.OrdinalIgnoreCase);

    public ConcurrentDictionary<string, SubnetGroup> SubnetGroups { get; } = new(StringComparer.OrdinalIgnoreCase);

    public ConcurrentDictionary<string, ParameterGroup> ParameterGroups { get; } = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>What happened to instances, oldest first.</summary>
    public ConcurrentQueue<DbEvent> Events { get; } = new();

    /// <summary>Tags of groups, by ARN; an instance has its own.</summary>
    public ConcurrentDictionary<string, Dictionary<string, string>> Tags { get; } = new(StringComparer.Ordinal);
}
