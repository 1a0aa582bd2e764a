using Amazon.Glue.Model;
using Cdc.Harness.Changes;
using Cdc.Harness.Comparison;
using Cdc.Harness.Waiting;

namespace Cdc.Harness.Pipelines;

/// <summary>Waits until the final tables equal the source.</summary>
public static class Convergence
{
    private const int RunsLooked = 20;
    private static readonly TimeSpan Poll = TimeSpan.FromMilliseconds(500);

    /// <summary>Waits until every table is right, at rest: the source is not written to meanwhile.</summary>
    /// <exception cref="TimeoutException">They do not become right; the message tells how they differ.</exception>
    /// <exception cref="PipelineException">The task or the job failed, so waiting is of no use; the message is theirs.</exception>
    public static async Task<IReadOnlyList<TableComparison>> WaitAsync(
        Deployment deployment, IReadOnlyList<Change> changes, TimeSpan limit, CancellationToken cancellationToken)
    {
        var began = DateTimeOffset.UtcNow;
        var comparison = await deployment.ComparisonAsync(cancellationToken);
        IReadOnlyList<TableComparison> last = [];
        try
        {
            await Eventually.BecomesAsync(
                "the final tables equal the source",
                async token =>
                {
                    if ((await IdleAsync(deployment, limit, token)) is [{ JobRunState: not "SUCCEEDED" } latest, ..]
                        && latest.CompletedOn > began)
                    {
                        throw new PipelineException(
                            $"The run {latest.Id} of the job {deployment.Pipeline.JobName} ended "
                            + $"{latest.JobRunState}: {latest.ErrorMessage}");
                    }

                    return last = await comparison.CompareAsync(changes, token);
                },
                seen => seen.All(table => table.IsRight),
                limit,
                cancellationToken,
                TimeSpan.FromSeconds(2));
        }
        catch (TimeoutException)
        {
            throw new TimeoutException(
                $"The final tables did not become equal to the source within {limit.TotalSeconds:F0} s:\n"
                + $"{string.Join('\n', last.Where(table => !table.IsRight))}");
        }

        return last;
    }

    /// <summary>Waits until no run of the job works or waits.</summary>
    /// <returns>The latest runs, newest first.</returns>
    public static async Task<IReadOnlyList<JobRun>> IdleAsync(Deployment deployment, TimeSpan limit, CancellationToken cancellationToken)
    {
        return await Eventually.BecomesAsync(
            "the job is idle",
            async token =>
            {
                var task = await deployment.Dms.DescribeReplicationTaskAsync(deployment.Pipeline.TaskArn, token);
                return task.Status == "failed"
                    ? throw new PipelineException($"The task {task.ReplicationTaskIdentifier} failed: {task.LastFailureMessage}")
                    : await deployment.Glue.GetJobRunsAsync(deployment.Pipeline.JobName, RunsLooked, token);
            },
            seen => !seen.Any(run => run.IsActive),
            limit,
            cancellationToken,
            Poll);
    }
}
