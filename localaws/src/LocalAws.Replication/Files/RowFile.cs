using LocalAws.Replication.Values;

namespace LocalAws.Replication.Files;

/// <summary>A file being written on the local disk.</summary>
/// <param name="path">Where it is.</param>
/// <param name="columns">Its columns, in order.</param>
internal abstract class RowFile(string path, IReadOnlyList<OutputColumn> columns) : IDisposable
{
    // What DMS counts for a row beside its values.
    private const int RowOverhead = 64;

    private readonly OutputColumn[] _columns = [.. columns];

    /// <summary>Where the file is.</summary>
    public string Path { get; } = path;

    /// <summary>Rows so far.</summary>
    public long Rows { get; private set; }

    /// <summary>Bytes of the values, un-encoded: what DMS measures a staged batch by.</summary>
    public long StagedBytes { get; private set; }

    /// <summary>Bytes on the disk so far.</summary>
    public abstract long FileBytes { get; }

    /// <summary>For each column, where its values go.</summary>
    protected abstract OutputCell[] Cells { get; }

    /// <summary>Writes a row.</summary>
    /// <param name="stamp">Operation, times, sequence.</param>
    /// <param name="row">The row's values; of a deleted row, what the log has of it.</param>
    /// <param name="before">The values before an update that changed the key; null otherwise.</param>
    /// <param name="fallback">Where values are that the row's image lacks because the change did not touch them; null: nowhere.</param>
    public void Write(RowStamp stamp, RowImage row, RowImage? before, RowImage? fallback)
    {
        var cells = Cells;
        for (var i = 0; i < _columns.Length; i++)
        {
            var column = _columns[i];
            var cell = cells[i];
            switch (column.Kind)
            {
                case OutputKind.Source:
                    Append(cell, row.IsUnchanged(column.SourceIndex) ? fallback : row, column.SourceIndex);
                    break;
                case OutputKind.BeforeImage:
                    Append(cell, before, column.SourceIndex);
                    break;
                case OutputKind.Operation:
                    cell.AppendText([stamp.Operation]);
                    break;
                case OutputKind.Timestamp:
                    cell.AppendText(stamp.Timestamp.Text);
                    break;
                case OutputKind.CommitTimestamp:
                    cell.Append(stamp.Timestamp.Text);
                    break;
                case OutputKind.Constant:
                    cell.AppendText(Cut(column.Constant, column.MaxLength));
                    break;
                case OutputKind.OperationName:
                    cell.AppendText(Cut(stamp.OperationName, column.MaxLength));
                    break;
                case OutputKind.ChangeSequence when stamp.IsChange:
                    cell.AppendText(Cut(stamp.Sequence, column.MaxLength));
                    break;
                case OutputKind.StreamPosition when stamp.IsChange:
                    cell.AppendText(Cut(stamp.Position, column.MaxLength));
                    break;
                default:
                    cell.AppendNull();
                    break;
            }
        }

        EndRow();
        Rows++;
        StagedBytes += row.Bytes + RowOverhead;
    }

    /// <summary>Completes and closes the file.</summary>
    public abstract void Complete();

    /// <inheritdoc/>
    public abstract void Dispose();

    /// <summary>All cells of a row have their value.</summary>
    protected abstract void EndRow();

    private static void Append(OutputCell cell, RowImage? row, int index)
    {
        if (row is not null && row.HasValue(index))
        {
            cell.Append(row[index]);
        }
        else
        {
            cell.AppendNull();
        }
    }

    private static ReadOnlySpan<byte> Cut(ReadOnlySpan<byte> text, int length) => text.Length <= length ? text : text[..length];
}
