namespace LocalAws.Services.Glue;

#pragma warning disable CA1707, CA1712 // The names are the API's own values.

/// <summary>States of a job run, named as the API spells them.</summary>
internal enum GlueJobRunState
{
    WAITING,
    STARTING,
    RUNNING,
    STOPPING,
    STOPPED,
    SUCCEEDED,
    FAILED,
    TIMEOUT,
    ERROR,
}
