namespace LocalAws.Services.Rds;

/// <summary>
/// When a server ended by itself, for the last times. A server that ends again and again is given up instead of being started for ever.
/// </summary>
internal sealed class ServerEnds
{
    /// <summary>More ends than this within <see cref="Span"/> are too many.</summary>
    public const int Most = 5;

    /// <summary>How long an end counts.</summary>
    public static readonly TimeSpan Span = TimeSpan.FromMinutes(10);

    private readonly Queue<DateTimeOffset> _ends = new();

    /// <summary>Counts an end.</summary>
    /// <returns>Whether the server has ended too often now.</returns>
    public bool Add(DateTimeOffset now)
    {
        _ends.Enqueue(now);
        while (_ends.Peek() <= now - Span)
        {
            _ends.Dequeue();
        }

        return _ends.Count > Most;
    }
}
