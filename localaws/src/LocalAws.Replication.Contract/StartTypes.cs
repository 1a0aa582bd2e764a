namespace LocalAws.Replication;

/// <summary>The API's ways to start a task.</summary>
public static class StartTypes
{
    /// <summary>From the beginning: a new slot, every table.</summary>
    public const string Start = "start-replication";

    /// <summary>From the checkpoint.</summary>
    public const string Resume = "resume-processing";

    /// <summary>A new slot and a full load of every table.</summary>
    public const string Reload = "reload-target";
}
