using LocalAws.Parquet;
using LocalAws.Parquet.Columns;

namespace LocalAws.Replication.Files;

/// <summary>A Parquet file.</summary>
internal sealed class ParquetRowFile : RowFile
{
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
        : base(path, columns)
    {
        _stream = new FileStream(path, FileMode.Create, FileAccess.Write, FileShare.Read, bufferSize: 1);
        _writer = new ParquetFileWriter(_stream, [.. columns.Select(column => ParquetTypes.Column(column, millis))], options);
        Cells = [.. columns.Select((column, i) => cell(column, _writer.Columns[i]))];
        _memory = memory;
        _memory.Enter();
    }

    /// <inheritdoc/>
    public override long FileBytes => _writer.BytesWritten;

    /// <inheritdoc/>
    protected override OutputCell[] Cells { get; }

    /// <inheritdoc/>
    public override void Complete()
    {
        _writer.Complete();
        Dispose();
    }

    /// <inheritdoc/>
    public override void Dispose()
    {
        _stream.Dispose();
        if (!_closed)
        {
            _closed = true;
            _memory.Leave();
        }
    }

    /// <inheritdoc/>
    protected override void EndRow()
    {
        _writer.RowGroupBytes = _memory.Share;
        _writer.EndRow();
    }
}
