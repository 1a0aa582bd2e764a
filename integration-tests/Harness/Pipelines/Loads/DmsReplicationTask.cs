using Amazon.DatabaseMigrationService;
using Amazon.DatabaseMigrationService.Model;

namespace Cdc.Harness.Pipelines.Loads;

/// <summary>A task of DMS.</summary>
public sealed class DmsReplicationTask(AmazonDatabaseMigrationServiceClient dms, string arn) : IReplicationTask
{
    /// <inheritdoc/>
    public string Arn => arn;

    /// <inheritdoc/>
    public async Task<IReadOnlyList<TableStatistics>> StatisticsAsync(CancellationToken cancellationToken)
    {
        var task = await dms.DescribeReplicationTaskAsync(arn, cancellationToken);
        return task.Status is "running" or "starting"
            ? await dms.DescribeTableStatisticsAsync(arn, cancellationToken)
            : throw new PipelineException(
                $"The task {task.ReplicationTaskIdentifier} is {task.Status}: {task.LastFailureMessage} {task.StopReason}".TrimEnd(' ', ':')
                + ". `make start` resumes it.");
    }

    /// <inheritdoc/>
    public Task ReloadAsync(IReadOnlyList<ReplicatedTable> tables, CancellationToken cancellationToken) =>
        dms.ReloadTablesAsync(arn, tables.Select(table => new TableToReload(table.Schema, table.Name)), cancellationToken);
}
