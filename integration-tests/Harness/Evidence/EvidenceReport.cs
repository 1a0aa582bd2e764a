using System.Text;
using Amazon.S3.Model;
using Cdc.Harness.Local;
using Cdc.Harness.Pipelines;

namespace Cdc.Harness.Evidence;

/// <summary>What is known when something went wrong, gathered before anything is destroyed.</summary>
public static class EvidenceReport
{
    private const int LinesShown = 40;

    /// <summary>Task, statistics, runs, ends of logs, raw objects, slots; a part that cannot be read says why.</summary>
    public static async Task<string> GatherAsync(Deployment deployment, LocalStack? stack, CancellationToken cancellationToken)
    {
        var pipeline = deployment.Pipeline;
        var report = new StringBuilder();
        await AddAsync("task", async () => [$"{await deployment.Dms.DescribeReplicationTaskAsync(pipeline.TaskArn, cancellationToken)}"]);
        await AddAsync(
            "table statistics",
            async () => (await deployment.Dms.DescribeTableStatisticsAsync(pipeline.TaskArn, cancellationToken))
                .Select(table => $"{table}"));
        await AddAsync(
            "runs of the job",
            async () =>
                (await deployment.Glue.GetJobRunsAsync(pipeline.JobName, LinesShown, cancellationToken)).Select(
                    run => $"{run.Id} {run.JobRunState} {run.StartedOn:O} {run.CompletedOn:O} {run.ErrorMessage}"));
        foreach (var group in new[] { pipeline.TaskLogGroup, pipeline.FunctionLogGroup, pipeline.JobLogGroup, pipeline.JobErrorLogGroup })
        {
            await AddAsync(
                $"log {group}",
                async () =>
                    (await deployment.Logs.FilterLogEventsAsync(group, null, null, null, cancellationToken)).TakeLast(LinesShown).Select(
                        line => $"{line.Timestamp:HH:mm:ss.fff} {line.Message.TrimEnd()}"));
        }

        await AddAsync(
            "raw objects",
            async () =>
            {
                var listing = new ListObjectsV2Request { BucketName = pipeline.RawBucket, Prefix = pipeline.RawPrefix };
                return (await deployment.S3.ListObjectsV2Async(listing, cancellationToken)).S3Objects?
                    .Select(item => $"{item.Key} {item.Size}")
                    ?? [];
            });
        await AddAsync(
            "replication slots",
            async () =>
                (await deployment.Source.QueryAsync(
                    "SELECT slot_name, active, confirmed_flush_lsn, pg_current_wal_lsn() FROM pg_replication_slots",
                    cancellationToken)).Select(
                    row => string.Join(' ', row)));
        if (stack is not null)
        {
            await AddAsync($"end of {stack.LogFile}", () => Task.FromResult<IEnumerable<string>>([stack.Tail(LinesShown)]));
        }

        return report.ToString();

        async Task AddAsync(string title, Func<Task<IEnumerable<string>>> lines)
        {
            report.Append("== ").AppendLine(title);
            try
            {
                foreach (var line in await lines())
                {
                    report.Append("   ").AppendLine(line);
                }
            }
            catch (Exception failure) when (failure is not OperationCanceledException)
            {
                report.Append("   not readable: ").AppendLine(failure.Message);
            }
        }
    }
}
