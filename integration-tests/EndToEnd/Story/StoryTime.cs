namespace Cdc.EndToEnd.Tests.Story;

/// <summary>The time that all tests have together, so that one that hangs ends with its name and not with the machine's limit.</summary>
internal static class StoryTime
{
    /// <summary>Some three times what it takes on two cores.</summary>
    public static TimeSpan Limit { get; } = TimeSpan.FromMinutes(25);

    private static readonly CancellationTokenSource Clock = new(Limit);

    /// <summary>Cancelled when the time is up.</summary>
    public static CancellationToken Token => Clock.Token;
}
