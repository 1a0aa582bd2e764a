namespace Doorbell;

/// <summary>Why the function was rung.</summary>
internal enum RingSource
{
    /// <summary>Objects landed.</summary>
    ObjectCreated,

    /// <summary>An earlier ring failed and comes back, by the on-failure destination or as a dead letter.</summary>
    Redriven,

    /// <summary>A run of the job failed, was stopped or ran out of time.</summary>
    RunEnded,

    /// <summary>The schedule, which bounds the delay of a lost event.</summary>
    Schedule,

    /// <summary>Somebody invoked the function with an empty object.</summary>
    Manual,

    /// <summary>Something that asks for nothing, such as the test event of a notification.</summary>
    Nothing,
}
