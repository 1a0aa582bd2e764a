using Amazon.Glue;
using Amazon.Glue.Model;

namespace Doorbell;

/// <summary>The runs of one Glue job.</summary>
internal sealed class GlueJobRuns(AmazonGlueClient glue, string jobName) : IJobRuns
{
    /// <summary>Time for one attempt: of a call that hangs, three fit into an invocation.</summary>
    public static readonly TimeSpan AttemptTimeout = TimeSpan.FromSeconds(5);

    /// <summary>
    /// At most one run works and one waits, wherever in the answer it is; others may have ended or been started by hand meanwhile.
    /// </summary>
    private const int Looked = 50;

    public Task<IReadOnlyList<JobRun>> LatestAsync(
        CancellationToken cancellationToken) => glue.GetJobRunsAsync(jobName, Looked, cancellationToken);

    /// <summary>
    /// Resolves credentials and opens a connection by a call that changes nothing; what fails now is tried again by the first event.
    /// </summary>
    public async Task WarmUpAsync(CancellationToken cancellationToken)
    {
        try
        {
            await glue.GetJobRunsAsync(jobName, 1, cancellationToken);
        }
        catch (Exception failure)
            when (failure is Amazon.Runtime.AmazonClientException or HttpRequestException or OperationCanceledException)
        {
            await Console.Error.WriteLineAsync($"Glue could not be asked before the first event: {failure.Message}");
        }
    }

    public Task<string> StartAsync(CancellationToken cancellationToken) =>
        glue.StartJobRunAsync(jobName, new Dictionary<string, string> { [Bell.Argument] = "true" }, cancellationToken);
}
