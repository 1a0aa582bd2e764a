using System.Diagnostics;
using LocalAws.Parquet;

namespace Cdc.ParquetBenchmark;

/// <summary>
/// Rows per second of writers that take turns: by the clock, and by the processor time of the whole process, which other work on the
/// machine does not change.
/// </summary>
internal sealed class Speed
{
    private readonly List<double[]> _clock = [];
    private readonly List<double[]> _processor = [];

    /// <summary>Measures.</summary>
    /// <param name="writers">The writers, the own one first.</param>
    /// <param name="rows">Rows of a row group.</param>
    /// <param name="groups">Row groups.</param>
    /// <param name="encoding">Encoding of the values.</param>
    /// <param name="rounds">Turns of each; one more before them is not counted.</param>
    public static async Task<Speed> OfAsync(IReadOnlyList<ITableWriter> writers, int rows, int groups, EncodingType encoding, int rounds)
    {
        var speed = new Speed();
        for (var round = 0; round <= rounds; round++)
        {
            var (clock, processor) = (new double[writers.Count], new double[writers.Count]);
            for (var i = 0; i < writers.Count; i++)
            {
                GC.Collect();
                var used = Environment.CpuUsage.TotalTime;
                var watch = Stopwatch.StartNew();
                await writers[i].WriteAsync(new CountingStream(), groups, encoding);
                clock[i] = (double)rows * groups / watch.Elapsed.TotalSeconds;
                processor[i] = (double)rows * groups / (Environment.CpuUsage.TotalTime - used).TotalSeconds;
            }

            if (round > 0)
            {
                speed._clock.Add(clock);
                speed._processor.Add(processor);
            }
        }

        return speed;
    }

    /// <summary>Rows per second by the clock, median of the rounds.</summary>
    /// <param name="writer">The writer's number.</param>
    public double ByClock(int writer) => Median(_clock.Select(rates => rates[writer]));

    /// <summary>Rows per second of processor time, median of the rounds.</summary>
    /// <param name="writer">The writer's number.</param>
    public double ByProcessor(int writer) => Median(_processor.Select(rates => rates[writer]));

    /// <summary>The own writer's rows per second of processor time divided by another's of the same round, median of the rounds.</summary>
    /// <param name="writer">The other's number.</param>
    public double OwnTo(int writer) => Median(_processor.Select(rates => rates[0] / rates[writer]));

    private static double Median(IEnumerable<double> values)
    {
        var sorted = values.Order().ToList();
        return (sorted[(sorted.Count - 1) / 2] + sorted[sorted.Count / 2]) / 2;
    }
}
