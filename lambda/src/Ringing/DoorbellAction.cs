namespace Doorbell;

/// <summary>What the doorbell did.</summary>
internal enum DoorbellAction
{
    /// <summary>A run was started.</summary>
    Started,

    /// <summary>A run that has not listed yet will see what there is.</summary>
    Waiting,

    /// <summary>The job fails again and again; the schedule rings next.</summary>
    LeftToSchedule,

    /// <summary>The event asked for nothing.</summary>
    Ignored,
}
