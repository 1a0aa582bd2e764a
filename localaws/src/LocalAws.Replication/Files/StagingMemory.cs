namespace LocalAws.Replication.Files;

/// <summary>
/// The memory that the files being written share. A row group waits in memory until it is full, and a task may write a file for each of
/// its tables at once: the more there are, the earlier each writes its rows to the disk.
/// </summary>
internal sealed class StagingMemory
{
    private const long Total = 32L * 1024 * 1024;
    private const long Least = 256 * 1024;

    private int _files;

    /// <summary>Bytes of values that each file may hold.</summary>
    public long Share => Math.Max(Least, Total / Math.Max(1, Volatile.Read(ref _files)));

    /// <summary>A file is opened.</summary>
    public void Enter() => Interlocked.Increment(ref _files);

    /// <summary>A file is closed.</summary>
    public void Leave() => Interlocked.Decrement(ref _files);
}
