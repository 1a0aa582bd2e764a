using Amazon.Glue.Model;

namespace Doorbell;

/// <summary>What the doorbell needs of Glue.</summary>
internal interface IJobRuns
{
    /// <summary>The job's latest runs, newest first.</summary>
    Task<IReadOnlyList<JobRun>> LatestAsync(CancellationToken cancellationToken);

    /// <summary>Starts a run that is known as a doorbell's; returns its id.</summary>
    Task<string> StartAsync(CancellationToken cancellationToken);
}
