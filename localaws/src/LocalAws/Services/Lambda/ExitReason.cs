namespace LocalAws.Services.Lambda;

/// <summary>How Lambda words the end of a function's process.</summary>
internal static class ExitReason
{
    /// <summary>A process that a signal ended has an exit code of this and the signal's number.</summary>
    private const int FirstSignal = 128;

    private static readonly Dictionary<int, string> Signals = new()
    {
        [4] = "illegal instruction",
        [6] = "aborted",
        [7] = "bus error",
        [8] = "floating point exception",
        [9] = "killed",
        [11] = "segmentation fault",
        [15] = "terminated",
    };

    /// <summary>The words for an exit code.</summary>
    public static string Of(int exitCode) => exitCode switch
    {
        0 => "Runtime exited without providing a reason",
        > FirstSignal when Signals.TryGetValue(exitCode - FirstSignal, out var signal) => $"Runtime exited with error: signal: {signal}",
        _ => $"Runtime exited with error: exit status {exitCode}",
    };
}
