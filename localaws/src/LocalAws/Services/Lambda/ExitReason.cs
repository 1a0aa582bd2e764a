namespace LocalAws.Services.Lambda;

/// <summary>How Lambda says that a function's process has ended, in the words of its own sandbox.</summary>
internal static class ExitReason
{
    /// <summary>The process ended with 0, or before it had an event.</summary>
    public const string Unknown = "Runtime exited without providing a reason";

    /// <summary>A process that a signal ended has this and the signal's number as its exit code.</summary>
    private const int SignalBase = 128;

    /// <summary>The reason for an exit code.</summary>
    public static string Of(int exitCode) => exitCode switch
    {
        0 => Unknown,
        SignalBase + 6 => "Runtime exited with error: signal: aborted",
        SignalBase + 9 => "Runtime exited with error: signal: killed",
        SignalBase + 11 => "Runtime exited with error: signal: segmentation fault",
        SignalBase + 15 => "Runtime exited with error: signal: terminated",
        _ => $"Runtime exited with error: exit status {exitCode}",
    };
}
