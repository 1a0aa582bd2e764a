namespace Amazon.SQS.Model;

/// <summary>The move of a dead-letter queue's messages to where they came from.</summary>
/// <param name="Status">RUNNING, COMPLETED, CANCELLING, CANCELLED or FAILED.</param>
/// <param name="Moved">How many messages were moved, approximately.</param>
/// <param name="FailureReason">Why it failed; null when it did not.</param>
public sealed record MessageMoveTask(string Status, long Moved, string? FailureReason)
{
    /// <summary>Whether it goes on.</summary>
    public bool IsRunning => Status is "RUNNING" or "CANCELLING";
}
