using System.Globalization;

namespace LocalAws.Services.S3;

/// <summary>
/// Sequencers of S3 events: hexadecimal, growing. Two events of one key compare as their writes happened, because
/// <see cref="ObjectWriteService"/> draws the number before it lets the next write of the key through.
/// </summary>
internal sealed class Sequencer(TimeProvider clock)
{
    private readonly Lock _gate = new();
    private long _last;

    public string Next()
    {
        lock (_gate)
        {
            _last = Math.Max(_last + 1, clock.GetUtcNow().UtcTicks);
            return _last.ToString("X18", CultureInfo.InvariantCulture);
        }
    }
}
