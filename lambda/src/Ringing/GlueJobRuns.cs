using Amazon.Glue;
using Amazon.Glue.Model;

namespace Doorbell;

/// <summary>The runs of one Glue job.</summary>
/// <param name="glue">The client.</param>
/// <param name="jobName">The job.</param>
internal sealed class GlueJobRuns(AmazonGlueClient glue, string jobName) : IJobRuns
{
    /// <summary>Time for one attempt: of a call that hangs, three fit into an invocation.</summary>
    public static readonly TimeSpan AttemptTimeout = TimeSpan.FromSeconds(5);

    /// <summary>
    /// At most one run works and one waits, wherever in the answer it is; others may have ended or been started by hand meanwhile.
    /// </summary>
    private const int Looked = 50;

    /// <inheritdoc/>
    public Task<IReadOnlyList<JobRun>> LatestAsync(
        CancellationToken cancellationToken) => glue.GetJobRunsAsync(jobName, Looked, cancellationToken);

    /// <summary>
    /// Resolves credentials and opens a connection by a call that changes nothing; what fails now is tried again by the first event.
    /// </summary>
    /// <returns>Why it failed; null when it did not.</returns>
    public async Task<string?> WarmUpAsync(CancellationToken cancellationToken)
    {
        try
        {
            await glue.GetJobRunsAsync(jobName, 1, cancellationToken);
            return null;
        }
        catch (Exception failure)
            when (failure is Amazon.Runtime.AmazonClientException or HttpRequestException or OperationCanceledException)
        {
            return failure.Message;
        }
    }

    /// <inheritdoc/>
    public Task<string> StartAsync(CancellationToken cancellationToken) =>
        glue.StartJobRunAsync(jobName, new Dictionary<string, string> { [Bell.Argument] = "true" }, cancellationToken);
}
