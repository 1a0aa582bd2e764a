namespace Doorbell;

/// <summary>What an event means to the doorbell, whatever its shape was.</summary>
/// <param name="Source">Why the function was rung.</param>
internal sealed record Ring(RingSource Source)
{
    /// <summary>The objects that the event names; the job finds them, and others, by itself.</summary>
    public IReadOnlyList<ObjectCreated> Objects { get; init; } = [];

    /// <summary>The run that ended, for <see cref="RingSource.RunEnded"/>.</summary>
    public EndedRun? Run { get; init; }

    /// <summary>What it was, in words, for <see cref="RingSource.Nothing"/>.</summary>
    public string? Description { get; init; }

    /// <summary>The oldest of the objects' times; null when one of them has none, or there are no objects.</summary>
    public DateTimeOffset? Oldest => Bound(times => times.Min());

    /// <summary>The newest of the objects' times; null when one of them has none, or there are no objects.</summary>
    public DateTimeOffset? Newest => Bound(times => times.Max());

    private DateTimeOffset? Bound(Func<IEnumerable<DateTimeOffset>, DateTimeOffset> of) =>
        Objects.Count > 0 && Objects.All(item => item.Time is not null) ? of(Objects.Select(item => item.Time!.Value)) : null;
}
