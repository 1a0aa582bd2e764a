using System.Diagnostics;
using System.Text.Json;

namespace LocalAws.Hosting;

/// <summary>
/// The processes of a stack as files, one a process: id, start time and folder. A process id alone is not enough to kill by, since the
/// system gives it again; the start time tells whether it is still the same process.
/// </summary>
internal sealed class ProcessList(string folder)
{
    private sealed record Entry(int Id, long Started, string Name, string? Folder);

    private static readonly TimeSpan DeletionLimit = TimeSpan.FromSeconds(2);

    public void Add(Process process, string name, string? ownFolder)
    {
        Directory.CreateDirectory(folder);
        long started;
        try
        {
            started = StartOf(process);
        }
        catch (Exception gone) when (gone is InvalidOperationException or System.ComponentModel.Win32Exception)
        {
            return;
        }

        // Renamed when it is complete: an entry that a kill cut off could not be read, and its process would stay.
        var next = FileOf(process.Id) + ".next";
        File.WriteAllText(next, JsonSerializer.Serialize(new Entry(process.Id, started, name, ownFolder)));
        File.Move(next, FileOf(process.Id), overwrite: true);
    }

    public void Remove(int id) => File.Delete(FileOf(id));

    /// <summary>Kills every process of the list that still runs, with its descendants, and removes the folders.</summary>
    public void Clear()
    {
        if (!Directory.Exists(folder))
        {
            return;
        }

        foreach (var file in Directory.GetFiles(folder, "*.json"))
        {
            if (Read(file) is { } entry)
            {
                Kill(entry);
                if (entry.Folder is { } owned && !TryDelete(owned))
                {
                    // The entry stays, so that the next one who clears tries again.
                    continue;
                }
            }

            File.Delete(file);
        }
    }

    /// <summary>Ids of the listed processes that still run.</summary>
    public IReadOnlyList<int> Running() =>
        Directory.Exists(folder)
            ? [.. Directory.GetFiles(folder, "*.json").Select(Read).OfType<Entry>().Where(Runs).Select(entry => entry.Id)]
            : [];

    private static bool Runs(Entry entry)
    {
        try
        {
            using var process = Process.GetProcessById(entry.Id);
            return IsSame(process, entry);
        }
        catch (Exception gone) when (gone is ArgumentException or InvalidOperationException or System.ComponentModel.Win32Exception)
        {
            return false;
        }
    }

    private static Entry? Read(string file)
    {
        try
        {
            return JsonSerializer.Deserialize<Entry>(File.ReadAllText(file));
        }
        catch (JsonException)
        {
            // Not valid JSON: it names no process.
            return null;
        }
    }

    private static void Kill(Entry entry)
    {
        try
        {
            using var process = Process.GetProcessById(entry.Id);
            if (IsSame(process, entry))
            {
                process.Kill(entireProcessTree: true);
                process.WaitForExit(TimeSpan.FromSeconds(10));
            }
        }
        catch (Exception gone) when (gone is ArgumentException or InvalidOperationException or System.ComponentModel.Win32Exception)
        {
            // It has ended by itself.
        }
    }

    /// <summary>The descendants of a process that was just killed may write for a moment; a folder goes when they have ended.</summary>
    private static bool TryDelete(string owned) => SpinWait.SpinUntil(() => DeleteOnce(owned), DeletionLimit);

    private static bool DeleteOnce(string owned)
    {
        try
        {
            Directory.Delete(owned, recursive: true);
            return true;
        }
        catch (DirectoryNotFoundException)
        {
            return true;
        }
        catch (Exception busy) when (busy is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }

    // Two readers of one start time differ by a few milliseconds, because each computes it from the time since boot.
    private static bool IsSame(Process process, Entry entry) => !process.HasExited && Math.Abs(StartOf(process) - entry.Started) < 2000;

    private static long StartOf(Process process) => new DateTimeOffset(process.StartTime.ToUniversalTime()).ToUnixTimeMilliseconds();

    private string FileOf(int id) => Path.Combine(folder, $"{id}.json");
}
