using System.Buffers.Binary;
using LocalAws.Parquet.Columns;
using LocalAws.Parquet.Encodings;
using LocalAws.Parquet.Metadata;

namespace LocalAws.Parquet;

/// <summary>
/// Writes a Parquet file to a stream that need not seek. Values go into <see cref="Columns"/>, one Append a column, then
/// <see cref="EndRow"/>; memory holds one row group, never the file.
/// </summary>
public sealed class ParquetFileWriter
{
    private static readonly byte[] Magic = "PAR1"u8.ToArray();

    private readonly ParquetOutput _output;
    private readonly ParquetWriterOptions _options;
    private readonly ParquetColumn[] _schema;
    private readonly ColumnBuffer[] _columns;
    private readonly ColumnChunkWriter _chunks;
    private readonly List<RowGroup> _groups = [];
    private int _rowsInGroup;
    private readonly ByteCount _binaryBytes = new();
    private readonly int _fixedRowBytes;

    /// <summary>Begins a file. The stream stays the caller's.</summary>
    /// <param name="stream">What is written to; it need not seek.</param>
    /// <param name="columns">The schema's columns.</param>
    /// <param name="options">The file's settings.</param>
    /// <exception cref="ArgumentException">There is no column, or two have one name.</exception>
    public ParquetFileWriter(Stream stream, IReadOnlyList<ParquetColumn> columns, ParquetWriterOptions options)
    {
        if (columns.Count == 0)
        {
            throw new ArgumentException("A Parquet file needs at least one column.", nameof(columns));
        }

        if (columns.GroupBy(column => column.Name, StringComparer.Ordinal).FirstOrDefault(same => same.Count() > 1) is { } twice)
        {
            throw new ArgumentException($"Two columns are named '{twice.Key}'.", nameof(columns));
        }

        _output = new ParquetOutput(stream);
        _options = options;
        _schema = [.. columns];
        _columns = [.. columns.Select(NewBuffer)];
        _fixedRowBytes = columns.Count * sizeof(long);
        RowGroupBytes = options.RowGroupBytes;
        _chunks = new ColumnChunkWriter(options, _output);
        _output.Write(Magic);
    }

    /// <summary>The columns' buffers, in the schema's order.</summary>
    public IReadOnlyList<ColumnBuffer> Columns => _columns;

    /// <summary>Rows so far.</summary>
    public long Rows { get; private set; }

    /// <summary>Bytes that are in the stream; the row group being filled is not.</summary>
    public long BytesWritten => _output.Position;

    /// <summary>Bytes of values after which a row group ends; it may be changed while the file is written.</summary>
    public long RowGroupBytes { get; set; }

    /// <summary>Ends a row and, when the row group is full, writes it.</summary>
    public void EndRow()
    {
        Rows++;
        _rowsInGroup++;
        if (_rowsInGroup >= _options.RowGroupLength || _binaryBytes.Value + ((long)_rowsInGroup * _fixedRowBytes) >= RowGroupBytes)
        {
            WriteRowGroup();
        }
    }

    /// <summary>Writes what is left and the footer. The file is then complete; the writer is of no further use.</summary>
    public void Complete()
    {
        if (_rowsInGroup > 0)
        {
            WriteRowGroup();
        }

        var footer = new ByteBuffer(64 * 1024);
        MetadataWriter.WriteFooter(footer, _schema, _groups, Rows, _options);
        var length = footer.Length;
        BinaryPrimitives.WriteInt32LittleEndian(footer.Extend(sizeof(int)), length);
        _output.Write(footer.Written);
        _output.Write(Magic);
        _output.Flush();
    }

    private ColumnBuffer NewBuffer(ParquetColumn column) => column.Type switch
    {
        PhysicalType.Boolean => new BooleanColumnBuffer(column),
        PhysicalType.Int32 => new PrimitiveColumnBuffer<int>(column),
        PhysicalType.Int64 => new PrimitiveColumnBuffer<long>(column),
        PhysicalType.Float => new PrimitiveColumnBuffer<float>(column),
        PhysicalType.Double => new PrimitiveColumnBuffer<double>(column),
        PhysicalType.ByteArray or PhysicalType.FixedLenByteArray => new BinaryColumnBuffer(column, _binaryBytes),
        _ => throw new ArgumentException($"Column '{column.Name}' has the unknown type {column.Type}.", nameof(column)),
    };

    private void WriteRowGroup()
    {
        var chunks = new ColumnChunk[_columns.Length];
        var total = 0L;
        for (var i = 0; i < _columns.Length; i++)
        {
            var column = _columns[i];
            if (column.Rows != _rowsInGroup)
            {
                throw new InvalidOperationException($"Column '{column.Column.Name}' has {column.Rows} values for {_rowsInGroup} rows.");
            }

            chunks[i] = _chunks.Write(column);
            total += chunks[i].UncompressedSize;
            column.Clear();
        }

        _groups.Add(new RowGroup(chunks, _rowsInGroup, total));
        _rowsInGroup = 0;
        _binaryBytes.Value = 0;
    }
}
