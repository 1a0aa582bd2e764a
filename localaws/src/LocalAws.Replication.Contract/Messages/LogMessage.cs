namespace LocalAws.Replication.Messages;

/// <summary>A line for the task's log stream.</summary>
/// <param name="Time">UTC.</param>
/// <param name="Severity"><c>I</c>, <c>W</c> or <c>E</c>.</param>
/// <param name="Component">One of DMS's log components, such as <c>SOURCE_CAPTURE</c>.</param>
/// <param name="Message">The text, without secrets.</param>
public sealed record LogMessage(DateTime Time, string Severity, string Component, string Message) : ReplicatorMessage;
