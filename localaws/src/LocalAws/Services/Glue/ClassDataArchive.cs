using System.Collections.Concurrent;

namespace LocalAws.Services.Glue;

/// <summary>A class-data archive that a Spark process writes at its end.</summary>
/// <param name="File">Where later processes look for it.</param>
/// <param name="WrittenAs">What this process writes; it takes its final name only when it is whole.</param>
internal sealed record ClassDataArchive(string File, string WrittenAs)
{
    private static readonly TimeSpan Settled = TimeSpan.FromSeconds(3);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);
    private static readonly ConcurrentDictionary<string, bool> BeingWritten = new(StringComparer.Ordinal);

    /// <summary>The archive for this process to write, or null when another one is writing it.</summary>
    public static ClassDataArchive? Claim(string file) =>
        BeingWritten.TryAdd(file, true) ? new ClassDataArchive(file, $"{file}.{Guid.NewGuid():N}") : null;

    /// <summary>Gives the claim up: the process did not start, or was ended before it had written all.</summary>
    public void Discard()
    {
        System.IO.File.Delete(WrittenAs);
        BeingWritten.TryRemove(File, out _);
    }

    /// <summary>
    /// Makes what was written the archive that later processes read. The Java process writes it after the Python process that the run is
    /// has ended, so its end is seen by the file that stops growing.
    /// </summary>
    public async Task PublishAsync(TimeProvider clock)
    {
        try
        {
            var started = clock.GetTimestamp();
            long size = -1;
            while (clock.GetElapsedTime(started) < Patience)
            {
                var now = System.IO.File.Exists(WrittenAs) ? new FileInfo(WrittenAs).Length : -1;
                if (now > 0 && now == size)
                {
                    System.IO.File.Move(WrittenAs, File, overwrite: true);
                    return;
                }

                size = now;
                await Task.Delay(Settled, clock);
            }
        }
        finally
        {
            Discard();
        }
    }
}
