using System.Diagnostics;
using System.Globalization;
using LocalAws.Parquet;

namespace Cdc.ParquetBenchmark;

/// <summary>What a writer needs in a process of its own, besides the table that it is given.</summary>
/// <param name="Megabytes">The process's peak while it writes, above what it had before.</param>
/// <param name="AllocatedPerRow">Bytes that the garbage collector handed out for a row.</param>
internal sealed record MemoryUse(double Megabytes, double AllocatedPerRow)
{
    /// <summary>The first argument of a process that measures.</summary>
    public const string Verb = "memory";

    /// <summary>Measures a writer in a process of its own.</summary>
    /// <param name="candidate">The writer's number.</param>
    /// <param name="encoding">Encoding of the values.</param>
    public static async Task<MemoryUse> OfAsync(int candidate, EncodingType encoding)
    {
        var start = new ProcessStartInfo(Environment.ProcessPath!) { RedirectStandardOutput = true };
        var own = typeof(MemoryUse).Assembly.Location;
        string[] program = Path.GetFileNameWithoutExtension(Environment.ProcessPath) == "dotnet" ? [own] : [];
        foreach (var argument in (string[])[.. program, Verb, candidate.ToString(CultureInfo.InvariantCulture), encoding.ToString()])
        {
            start.ArgumentList.Add(argument);
        }

        using var process = Process.Start(start)!;
        var line = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        var figures = line.Split(' ').Select(figure => double.Parse(figure, CultureInfo.InvariantCulture)).ToList();
        return new MemoryUse(figures[0], figures[1]);
    }

    /// <summary>What the measuring process does: writes a file and prints the two figures.</summary>
    /// <param name="writer">The writer.</param>
    /// <param name="rows">Rows of a row group.</param>
    /// <param name="groups">Row groups.</param>
    /// <param name="encoding">Encoding of the values.</param>
    public static async Task PrintAsync(ITableWriter writer, int rows, int groups, EncodingType encoding)
    {
        GC.Collect();
        using var self = Process.GetCurrentProcess();
        var before = self.WorkingSet64;
        var allocated = GC.GetTotalAllocatedBytes(precise: true);
        await writer.WriteAsync(new CountingStream(), groups, encoding);
        allocated = GC.GetTotalAllocatedBytes(precise: true) - allocated;
        self.Refresh();
        Console.Write(string.Create(
            CultureInfo.InvariantCulture,
            $"{(self.PeakWorkingSet64 - before) / 1048576.0:F1} {allocated / ((double)rows * groups):F1}"));
    }
}
