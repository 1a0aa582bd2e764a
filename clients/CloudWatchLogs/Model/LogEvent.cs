namespace Amazon.CloudWatchLogs.Model;

/// <summary>A line of a log.</summary>
public sealed record LogEvent(string LogStreamName, DateTimeOffset Timestamp, string Message);
