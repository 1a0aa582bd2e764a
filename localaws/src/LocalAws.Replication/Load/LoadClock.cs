namespace LocalAws.Replication.Load;

/// <summary>The timestamps of a load's rows: now, but each later than the one before; or the task's start in all of them.</summary>
internal sealed class LoadClock(DateTime? constant, TimeProvider time)
{
    private long _last = constant is { } start ? Micros(start) : long.MinValue;

    /// <summary>Microseconds since 1970-01-01.</summary>
    public long Next()
    {
        if (constant is null)
        {
            _last = Math.Max(_last + 1, Micros(time.GetUtcNow().UtcDateTime));
        }

        return _last;
    }

    private static long Micros(DateTime time) => (time - DateTime.UnixEpoch).Ticks / TimeSpan.TicksPerMicrosecond;
}
