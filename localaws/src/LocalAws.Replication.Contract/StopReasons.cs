namespace LocalAws.Replication;

/// <summary>The API's <c>StopReason</c>.</summary>
public static class StopReasons
{
    /// <summary>Stopped by a call.</summary>
    public const string Normal = "Stop Reason NORMAL";

    /// <summary>A full-load task that is done.</summary>
    public const string FullLoadFinished = "Stop Reason FULL_LOAD_ONLY_FINISHED";

    /// <summary>Stopped by the setting StopTaskCachedChangesNotApplied.</summary>
    public const string AfterFullLoad = "Stop Reason STOPPED_AFTER_FULL_LOAD";

    /// <summary>Stopped by the setting StopTaskCachedChangesApplied.</summary>
    public const string AfterCachedEvents = "Stop Reason STOPPED_AFTER_CACHED_EVENTS";

    /// <summary>An error that no retry heals.</summary>
    public const string Fatal = "Stop Reason FATAL_ERROR Error Level FATAL";

    /// <summary>Retries are spent.</summary>
    public const string Recoverable = "Stop Reason RECOVERABLE_ERROR";
}
