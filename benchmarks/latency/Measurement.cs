using Cdc.Harness.Pipelines;

namespace Cdc.Latency;

/// <summary>The way of one commit: seconds between each place and the one before it.</summary>
internal sealed record Measurement(IReadOnlyList<Hop> Hops)
{
    public double Total => (Hops[^1].Time - Hops[0].Time).TotalSeconds;

    public IEnumerable<(string Place, double Seconds)> Shares =>
        Hops.Zip(Hops.Skip(1), (from, to) => (to.Place, (to.Time - from.Time).TotalSeconds));
}
