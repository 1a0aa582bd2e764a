using Amazon.Glue;
using Amazon.Glue.Model;

namespace Doorbell;

/// <summary>The runs of one Glue job.</summary>
internal sealed class GlueJobRuns(AmazonGlueClient glue, string jobName) : IJobRuns
{
    /// <summary>At most one run works and one waits; a few more may just have ended or been started by hand.</summary>
    private const int Looked = 10;

    public Task<IReadOnlyList<JobRun>> LatestAsync(CancellationToken cancellationToken) => glue.GetJobRunsAsync(jobName, Looked, cancellationToken);

    public Task<string> StartAsync(CancellationToken cancellationToken) =>
        glue.StartJobRunAsync(jobName, new Dictionary<string, string> { [Bell.Argument] = "true" }, cancellationToken);
}
