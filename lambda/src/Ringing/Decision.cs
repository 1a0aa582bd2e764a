namespace Doorbell;

/// <summary>What was done about a ring.</summary>
/// <param name="Action">What was done.</param>
/// <param name="Reason">Why, in words.</param>
/// <param name="RunId">The run that will see the objects; null when there is none.</param>
internal sealed record Decision(DoorbellAction Action, string Reason, string? RunId)
{
    /// <summary>Calls of Glue's API that it took.</summary>
    public int GlueCalls { get; init; }
}
