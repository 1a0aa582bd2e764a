namespace LocalAws.Tests.Harness;

/// <summary>Waits for a condition and, when it does not come, says what was seen last.</summary>
public static class Eventually
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(90);

    public static async Task TrueAsync(string description, Func<Task<(bool Reached, object? Seen)>> observe)
    {
        var deadline = DateTime.UtcNow + Limit;
        while (true)
        {
            var (reached, seen) = await observe();
            if (reached)
            {
                return;
            }

            if (DateTime.UtcNow > deadline)
            {
                throw new TimeoutException($"Not within {Limit.TotalSeconds} s: {description}. Last seen: {seen}");
            }

            await Task.Delay(50);
        }
    }
}
