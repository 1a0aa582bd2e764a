namespace LocalAws.Services.Sqs;

/// <summary>Moves the messages of a dead-letter queue to another queue.</summary>
internal sealed class MessageMoveTask
{
    /// <summary>Names the task.</summary>
    public string Handle { get; } = Guid.NewGuid().ToString("N");

    /// <summary>The dead-letter queue.</summary>
    public required string SourceArn { get; init; }

    /// <summary>Where its messages go.</summary>
    public required string DestinationArn { get; init; }

    /// <summary>When it was started.</summary>
    public required DateTimeOffset Started { get; init; }

    /// <summary>RUNNING, COMPLETED or FAILED.</summary>
    public string Status { get; set; } = "RUNNING";

    /// <summary>How many messages it has moved.</summary>
    public int Moved { get; set; }

    /// <summary>Why it failed; null when it did not.</summary>
    public string? FailureReason { get; set; }
}
