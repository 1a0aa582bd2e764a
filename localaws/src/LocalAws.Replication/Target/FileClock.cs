namespace LocalAws.Replication.Target;

/// <summary>Gives files the time of their names: now, but at least a millisecond after the one before, across restarts too.</summary>
internal sealed class FileClock(long lastMillis, TimeProvider time)
{
    private long _last = lastMillis;

    /// <summary>The last time given, milliseconds since 1970-01-01.</summary>
    public long LastMillis => Interlocked.Read(ref _last);

    public DateTime Next()
    {
        while (true)
        {
            var last = Interlocked.Read(ref _last);
            var next = Math.Max(time.GetUtcNow().ToUnixTimeMilliseconds(), last + 1);
            if (Interlocked.CompareExchange(ref _last, next, last) == last)
            {
                return DateTimeOffset.FromUnixTimeMilliseconds(next).UtcDateTime;
            }
        }
    }
}
