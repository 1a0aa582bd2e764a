namespace Amazon.Glue.Model;

/// <summary>One run of a job.</summary>
/// <param name="Id">For example <c>jr_0a1b…</c>.</param>
/// <param name="JobRunState">WAITING, STARTING, RUNNING, STOPPING, STOPPED, SUCCEEDED, FAILED, TIMEOUT or ERROR.</param>
/// <param name="Arguments">What the run was started with, beside the job's own arguments.</param>
public sealed record JobRun(
    string Id, string JobRunState, IReadOnlyDictionary<string, string> Arguments, DateTimeOffset? StartedOn, DateTimeOffset? CompletedOn,
    string? ErrorMessage)
{
    public bool IsActive => JobRunState is "WAITING" or "STARTING" or "RUNNING" or "STOPPING";
}
