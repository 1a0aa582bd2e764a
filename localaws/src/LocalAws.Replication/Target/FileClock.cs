namespace LocalAws.Replication.Target;

/// <summary>Gives files the time of their names: now, but at least a millisecond after the one before, across restarts too.</summary>
/// <param name="lastMillis">The last time that was given before, milliseconds since 1970-01-01; 0 for none.</param>
/// <param name="time">The clock.</param>
internal sealed class FileClock(long lastMillis, TimeProvider time)
{
    private readonly Lock _lock = new();
    private long _last = lastMillis;

    /// <summary>The last time given, milliseconds since 1970-01-01.</summary>
    public long LastMillis
    {
        get
        {
            lock (_lock)
            {
                return _last;
            }
        }
    }

    public DateTime Next()
    {
        lock (_lock)
        {
            _last = Math.Max(time.GetUtcNow().ToUnixTimeMilliseconds(), _last + 1);
            return DateTimeOffset.FromUnixTimeMilliseconds(_last).UtcDateTime;
        }
    }
}
