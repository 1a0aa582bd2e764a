using System.IO.Compression;
using System.Text;
using LocalAws.Replication.Settings;
using LocalAws.Replication.Values;

namespace LocalAws.Replication.Files;

/// <summary>A CSV file: a field is quoted only when it has to be.</summary>
internal sealed class CsvRowFile : RowFile
{
    private const int FlushAt = 64 * 1024;

    private readonly OutputColumn[] _columns;
    private readonly CsvCell[] _cells;
    private readonly CsvText _text;
    private readonly byte[] _null;
    private readonly FileStream _file;
    private readonly Stream _stream;
    private long _written;

    public CsvRowFile(string path, IReadOnlyList<OutputColumn> columns, S3TargetSettings settings, Func<OutputColumn, CsvCell> cell)
        : base(path)
    {
        _columns = [.. columns];
        _cells = [.. columns.Select(cell)];
        _text = new CsvText(settings.CsvDelimiter, settings.CsvRowDelimiter, settings.Rfc4180);
        _null = Encoding.UTF8.GetBytes(settings.CsvNullValue);
        _file = new FileStream(path, FileMode.Create, FileAccess.Write, FileShare.Read, bufferSize: 1);
        _stream = settings.Gzip ? new GZipStream(_file, CompressionLevel.Optimal) : _file;
        if (settings.AddColumnName)
        {
            foreach (var column in columns)
            {
                _text.Field(Encoding.UTF8.GetBytes(column.Name));
            }

            _text.EndRow();
        }
    }

    public override long FileBytes => _written + _text.Length;

    public override void Complete()
    {
        Flush();
        _stream.Dispose();
        _file.Dispose();
    }

    public override void Dispose()
    {
        _stream.Dispose();
        _file.Dispose();
    }

    protected override void WriteRow(RowStamp stamp, RowImage row, RowImage? before, RowImage? fallback)
    {
        for (var i = 0; i < _columns.Length; i++)
        {
            var column = _columns[i];
            switch (column.Kind)
            {
                case OutputKind.Source:
                    Value(_cells[i], row.IsUnchanged(column.SourceIndex) ? fallback : row, column.SourceIndex);
                    break;
                case OutputKind.BeforeImage:
                    Value(_cells[i], before, column.SourceIndex);
                    break;
                case OutputKind.Operation:
                    _text.Field([stamp.Operation]);
                    break;
                case OutputKind.Timestamp or OutputKind.CommitTimestamp:
                    _text.Field(stamp.Timestamp.Text);
                    break;
                case OutputKind.Constant:
                    _text.Field(Cut(column.Constant, column.MaxLength));
                    break;
                case OutputKind.OperationName:
                    _text.Field(Cut(stamp.OperationName, column.MaxLength));
                    break;
                default:
                    Header(stamp, column);
                    break;
            }
        }

        _text.EndRow();
        if (_text.Length >= FlushAt)
        {
            Flush();
        }
    }

    private void Header(RowStamp stamp, OutputColumn column)
    {
        if (stamp.IsChange)
        {
            _text.Field(Cut(column.Kind == OutputKind.ChangeSequence ? stamp.Sequence : stamp.Position, column.MaxLength));
        }
        else
        {
            _text.Field(_null);
        }
    }

    private void Value(CsvCell cell, RowImage? row, int index)
    {
        if (row is not null && row.HasValue(index))
        {
            _text.Field(cell.Format(row[index]));
        }
        else
        {
            _text.Field(_null);
        }
    }

    private void Flush()
    {
        _stream.Write(_text.Written);
        _written += _text.Length;
        _text.Clear();
    }

    private static ReadOnlySpan<byte> Cut(ReadOnlySpan<byte> text, int length) => text.Length <= length ? text : text[..length];
}
