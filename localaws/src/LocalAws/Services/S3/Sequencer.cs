namespace LocalAws.Services.S3;

/// <summary>Sequencers of S3 events: hexadecimal, growing, so that two events of one key compare as their writes happened.</summary>
internal static class Sequencer
{
    private static long _last;

    public static string Next()
    {
        while (true)
        {
            var last = Interlocked.Read(ref _last);
            var next = Math.Max(last + 1, DateTime.UtcNow.Ticks);
            if (Interlocked.CompareExchange(ref _last, next, last) == last)
            {
                return next.ToString("X18", System.Globalization.CultureInfo.InvariantCulture);
            }
        }
    }
}
