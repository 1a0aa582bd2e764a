using System.Runtime;

namespace LocalAws.Replication.Decoding;

/// <summary>Arrays for values of many megabytes, on a heap that has a limit.</summary>
internal static class LargeArray
{
    private const int Attempts = 20;
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(100);

    /// <summary>An array of a length; waits where the memory is there, but not in one piece or not let go of yet.</summary>
    /// <exception cref="OutOfMemoryException">It is not there.</exception>
    public static byte[] Allocate(int length)
    {
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                return GC.AllocateUninitializedArray<byte>(length);
            }
            catch (OutOfMemoryException) when (attempt < Attempts)
            {
                // Large arrays are not moved unless it is asked for, and another thread may be done with its own in a moment.
                GCSettings.LargeObjectHeapCompactionMode = GCLargeObjectHeapCompactionMode.CompactOnce;
                GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);
                Thread.Sleep(Pause);
            }
        }
    }
}
