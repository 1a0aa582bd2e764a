using Cdc.Harness.Pipelines.Configuration;

namespace Cdc.Harness.Pipelines.Preflight;

/// <summary>Says, before a task starts, of each table of the configuration what will be captured and what will not.</summary>
public static class SourcePreflight
{
    /// <summary>Everything that was found; nothing means that all is captured.</summary>
    public static IReadOnlyList<Finding> Judge(
        IReadOnlyList<ReplicatedTable> configured, SourceFacts source, JobConfiguration? configuration = null)
    {
        var names = configured.Select(table => table.Qualified).ToHashSet(StringComparer.Ordinal);
        return
        [
            .. ServerRules.Judge(source),
            .. configured.SelectMany(table => TableRules.Judge(table, source, names)),
            .. ValueRules.Judge(configured, source, configuration),
        ];
    }

    /// <summary>Gives back the losses.</summary>
    /// <exception cref="PipelineException">There are refusals; the message has all of them, each with its remedy.</exception>
    public static IReadOnlyList<Finding> ThrowIfRefused(IReadOnlyList<Finding> findings)
    {
        var refusals = findings.Where(finding => finding.Kind == FindingKind.Refusal).ToList();
        return refusals.Count == 0
            ? findings
            : throw new PipelineException(
                string.Join('\n', refusals.Select(finding => finding.ToString()).Append("The task was not started.")));
    }
}
