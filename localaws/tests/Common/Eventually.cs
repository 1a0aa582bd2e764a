using System.Diagnostics;

namespace LocalAws.Testing;

/// <summary>Waits for a condition and tells, when it does not come, what was seen last.</summary>
internal static class Eventually
{
    private static readonly TimeSpan Poll = TimeSpan.FromMilliseconds(20);

    /// <summary>Looks until what is seen holds, and returns it.</summary>
    public static async Task<T> BecomesAsync<T>(string what, Func<Task<T>> observe, Func<T, bool> holds, int seconds = 90)
    {
        var watch = Stopwatch.StartNew();
        while (true)
        {
            var seen = await observe();
            if (holds(seen))
            {
                return seen;
            }

            if (watch.Elapsed.TotalSeconds > seconds)
            {
                throw new TimeoutException($"Not within {seconds} s: {what}. Last seen: {seen}");
            }

            await Task.Delay(Poll);
        }
    }

    /// <summary>Looks until the condition is reached, where what is told of a look is not what decides.</summary>
    public static Task TrueAsync(string what, Func<Task<(bool Reached, object? Seen)>> observe) => BecomesAsync(what, observe, now => now.Reached);
}
