using System.Threading.Channels;
using Microsoft.Extensions.Time.Testing;

namespace LocalAws.Tests.Harness;

/// <summary>A clock that stands until it is advanced, and tells who waits for it.</summary>
internal sealed class WaitingClock : FakeTimeProvider
{
    private readonly Channel<TimeSpan> _waits = Channel.CreateUnbounded<TimeSpan>();

    /// <summary>How long the next one waits who begins to wait.</summary>
    public async Task<TimeSpan> NextWaitAsync(TimeSpan limit) => await _waits.Reader.ReadAsync().AsTask().WaitAsync(limit);

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = base.CreateTimer(callback, state, dueTime, period);
        _waits.Writer.TryWrite(dueTime);
        return timer;
    }
}
