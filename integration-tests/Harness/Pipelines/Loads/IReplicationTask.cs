using Amazon.DatabaseMigrationService.Model;

namespace Cdc.Harness.Pipelines.Loads;

/// <summary>What loading tables takes of a task.</summary>
public interface IReplicationTask
{
    /// <summary>ARN.</summary>
    string Arn { get; }

    /// <summary>What it says of its tables.</summary>
    /// <exception cref="PipelineException">It does not run, so waiting is of no use; the message is DMS's.</exception>
    Task<IReadOnlyList<TableStatistics>> StatisticsAsync(CancellationToken cancellationToken);

    /// <summary>Has tables loaded again, as many as one call takes.</summary>
    Task ReloadAsync(IReadOnlyList<ReplicatedTable> tables, CancellationToken cancellationToken);
}
