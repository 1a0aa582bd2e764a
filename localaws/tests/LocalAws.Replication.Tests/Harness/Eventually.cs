using System.Diagnostics;

namespace LocalAws.Replication.Tests.Harness;

/// <summary>Waits for a condition and tells, when it does not come, what was seen last.</summary>
internal static class Eventually
{
    private static readonly TimeSpan Poll = TimeSpan.FromMilliseconds(20);

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
                throw new TimeoutException($"{what} did not happen within {seconds} s; last seen: {seen}");
            }

            await Task.Delay(Poll);
        }
    }
}
