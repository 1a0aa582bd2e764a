namespace LocalAws.Replication.Mapping;

/// <summary>Table mappings that DMS would refuse when the task is created.</summary>
public sealed class MappingRuleException : ReplicationException
{
    /// <summary>The document as a whole is wrong.</summary>
    public MappingRuleException(string reason)
        : base($"Error in mapping rules. {reason}")
    {
    }

    /// <summary>One rule is wrong.</summary>
    public MappingRuleException(string ruleId, string reason)
        : base($"Error in mapping rules. Rule with ruleId = {ruleId} failed validation. {reason}")
    {
    }
}
