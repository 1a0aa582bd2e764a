using LocalAws.Parquet;
using LocalAws.Parquet.Columns;
using LocalAws.Replication.Values;

namespace LocalAws.Replication.Files;

/// <summary>A Parquet file.</summary>
internal sealed class ParquetRowFile : RowFile
{
    private readonly OutputColumn[] _columns;
    private readonly ParquetCell[] _cells;
    private readonly FileStream _stream;
    private readonly ParquetFileWriter _writer;
    private readonly StagingMemory _memory;
    private bool _closed;

    public ParquetRowFile(
        string path,
        IReadOnlyList<OutputColumn> columns,
        ParquetWriterOptions options,
        Func<OutputColumn, ColumnBuffer, ParquetCell> cell,
        bool millis,
        StagingMemory memory)
        : base(path)
    {
        _columns = [.. columns];
        _stream = new FileStream(path, FileMode.Create, FileAccess.Write, FileShare.Read, bufferSize: 1);
        _writer = new ParquetFileWriter(_stream, [.. columns.Select(column => ParquetTypes.Column(column, millis))], options);
        _cells = [.. columns.Select((column, i) => cell(column, _writer.Columns[i]))];
        _memory = memory;
        _memory.Enter();
    }

    public override long FileBytes => _writer.BytesWritten;

    public override void Complete()
    {
        _writer.Complete();
        Dispose();
    }

    public override void Dispose()
    {
        _stream.Dispose();
        if (!_closed)
        {
            _closed = true;
            _memory.Leave();
        }
    }

    protected override void WriteRow(RowStamp stamp, RowImage row, RowImage? before, RowImage? fallback)
    {
        for (var i = 0; i < _columns.Length; i++)
        {
            var column = _columns[i];
            var cell = _cells[i];
            switch (column.Kind)
            {
                case OutputKind.Source:
                    AppendValue(cell, row, column.SourceIndex, fallback);
                    break;
                case OutputKind.BeforeImage:
                    AppendValue(cell, before, column.SourceIndex, null);
                    break;
                case OutputKind.Operation:
                    cell.AppendBytes([stamp.Operation]);
                    break;
                case OutputKind.Timestamp:
                    cell.AppendBytes(stamp.Timestamp.Text);
                    break;
                case OutputKind.CommitTimestamp:
                    cell.Append(stamp.Timestamp.Text);
                    break;
                case OutputKind.Constant:
                    cell.AppendBytes(Cut(column.Constant, column.MaxLength));
                    break;
                case OutputKind.OperationName:
                    cell.AppendBytes(Cut(stamp.OperationName, column.MaxLength));
                    break;
                default:
                    AppendHeader(cell, stamp, column);
                    break;
            }
        }

        _writer.RowGroupBytes = _memory.Share;
        _writer.EndRow();
    }

    private static void AppendHeader(ParquetCell cell, RowStamp stamp, OutputColumn column)
    {
        if (stamp.IsChange)
        {
            cell.AppendBytes(Cut(column.Kind == OutputKind.ChangeSequence ? stamp.Sequence : stamp.Position, column.MaxLength));
        }
        else
        {
            cell.AppendNull();
        }
    }

    private static void AppendValue(ParquetCell cell, RowImage? row, int index, RowImage? fallback)
    {
        if (row is not null && row.IsUnchanged(index))
        {
            row = fallback;
        }

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
