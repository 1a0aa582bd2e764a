namespace Amazon.Athena.Model;

/// <summary>State of a query.</summary>
/// <param name="State">QUEUED, RUNNING, SUCCEEDED, FAILED or CANCELLED.</param>
/// <param name="StateChangeReason">Why it failed.</param>
public sealed record QueryExecution(string QueryExecutionId, string State, string? StateChangeReason)
{
    public bool IsOver => State is "SUCCEEDED" or "FAILED" or "CANCELLED";
}
