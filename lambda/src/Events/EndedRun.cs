namespace Doorbell;

/// <summary>A run whose end EventBridge told.</summary>
/// <param name="JobName">The job that it was a run of.</param>
/// <param name="Id">For example <c>jr_0a1b…</c>.</param>
/// <param name="State">FAILED, TIMEOUT, STOPPED or SUCCEEDED.</param>
internal sealed record EndedRun(string JobName, string Id, string State);
