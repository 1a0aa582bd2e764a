using LocalAws.Replication.Values;

namespace LocalAws.Replication.Files;

/// <summary>A file being written on the local disk.</summary>
internal abstract class RowFile(string path) : IDisposable
{
    /// <summary>Where the file is.</summary>
    public string Path { get; } = path;

    /// <summary>Rows so far.</summary>
    public long Rows { get; private set; }

    /// <summary>Bytes of the values, un-encoded: what DMS measures a staged batch by.</summary>
    public long StagedBytes { get; private set; }

    /// <summary>Bytes on the disk so far.</summary>
    public abstract long FileBytes { get; }

    /// <summary>Writes a row.</summary>
    /// <param name="stamp">Operation, times, sequence.</param>
    /// <param name="row">The row's values; of a deleted row, what the log has of it.</param>
    /// <param name="before">The values before an update that changed the key; null otherwise.</param>
    /// <param name="fallback">Where values are that the row's image lacks because the change did not touch them; null: nowhere.</param>
    public void Write(RowStamp stamp, RowImage row, RowImage? before, RowImage? fallback)
    {
        WriteRow(stamp, row, before, fallback);
        Rows++;
        StagedBytes += row.Bytes + 64;
    }

    /// <summary>Completes and closes the file.</summary>
    public abstract void Complete();

    /// <inheritdoc/>
    public abstract void Dispose();

    protected abstract void WriteRow(RowStamp stamp, RowImage row, RowImage? before, RowImage? fallback);
}
