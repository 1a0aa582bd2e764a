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
        if (task.Status is "running" or "starting")
        {
            return await dms.DescribeTableStatisticsAsync(arn, cancellationToken);
        }

        var remedy = $"The task {task.ReplicationTaskIdentifier} is {task.Status}: `make start` starts or resumes it.";
        throw new PipelineException($"{remedy} {task.LastFailureMessage} {task.StopReason}".TrimEnd());
    }

    /// <inheritdoc/>
    public Task ReloadAsync(IReadOnlyList<ReplicatedTable> tables, CancellationToken cancellationToken) =>
        dms.ReloadTablesAsync(arn, tables.Select(table => new TableToReload(table.Schema, table.Name)), cancellationToken);
}
