namespace LocalAws.Testing;

/// <summary>Waits as the harness does (<see cref="Cdc.Harness.Waiting.Eventually"/>), with these tests' limit and pause.</summary>
internal static class Eventually
{
    private static readonly TimeSpan Poll = TimeSpan.FromMilliseconds(20);

    /// <summary>Looks until what is seen holds, and returns it.</summary>
    public static Task<T> BecomesAsync<T>(string what, Func<Task<T>> observe, Func<T, bool> holds, int seconds = 90) =>
        Cdc.Harness.Waiting.Eventually.BecomesAsync(
            what, _ => observe(), holds, TimeSpan.FromSeconds(seconds), CancellationToken.None, Poll);

    /// <summary>Looks until the condition is reached, where what is told of a look is not what decides.</summary>
    public static Task TrueAsync(string what, Func<Task<(bool Reached, object? Seen)>> observe) =>
        BecomesAsync(what, observe, now => now.Reached);
}
