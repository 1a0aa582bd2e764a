using System.Diagnostics;

namespace Cdc.Harness.Waiting;

/// <summary>Waits for a condition and tells, when it does not come, what was seen last.</summary>
public static class Eventually
{
    /// <summary>Looks until an observation is what is waited for.</summary>
    /// <param name="what">A clause that names the condition, e.g. <c>the task runs</c>.</param>
    /// <param name="observe">Looks; what it throws ends the wait, so an observation that can never become right stops at once.</param>
    /// <param name="holds">Whether the observation is what is waited for.</param>
    /// <param name="limit">How long it may take, from now.</param>
    /// <param name="cancellationToken">Ends the wait, and is given to each look.</param>
    /// <param name="poll">The pause between two looks; by default a quarter of a second.</param>
    /// <exception cref="TimeoutException">It did not come; the message holds the last observation.</exception>
    public static async Task<T> BecomesAsync<T>(
        string what, Func<CancellationToken, Task<T>> observe, Func<T, bool> holds, TimeSpan limit, CancellationToken cancellationToken,
        TimeSpan? poll = null)
    {
        var watch = Stopwatch.StartNew();
        while (true)
        {
            var seen = await observe(cancellationToken);
            if (holds(seen))
            {
                return seen;
            }

            if (watch.Elapsed > limit)
            {
                throw new TimeoutException($"Waited {limit.TotalSeconds:F0} s until {what}. Last seen: {seen}");
            }

            await Task.Delay(poll ?? TimeSpan.FromMilliseconds(250), cancellationToken);
        }
    }
}
