using System.IO.Compression;
using System.Text;
using LocalAws.Replication.Settings;

namespace LocalAws.Replication.Files;

/// <summary>A CSV file: a field is quoted only when it has to be.</summary>
internal sealed class CsvRowFile : RowFile
{
    private const int FlushAt = 64 * 1024;

    private readonly CsvText _text;
    private readonly FileStream _file;
    private readonly Stream _stream;
    private long _written;

    public CsvRowFile(
        string path, IReadOnlyList<OutputColumn> columns, S3TargetSettings settings, Func<OutputColumn, CsvText, CsvCell> cell)
        : base(path, columns)
    {
        _text = new CsvText(settings.CsvDelimiter, settings.CsvRowDelimiter, settings.Rfc4180);
        Cells = [.. columns.Select(column => cell(column, _text))];
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

    /// <inheritdoc/>
    public override long FileBytes => _written + _text.Length;

    /// <inheritdoc/>
    protected override OutputCell[] Cells { get; }

    /// <inheritdoc/>
    public override void Complete()
    {
        Flush();
        _stream.Dispose();
        _file.Dispose();
    }

    /// <inheritdoc/>
    public override void Dispose()
    {
        _stream.Dispose();
        _file.Dispose();
    }

    /// <inheritdoc/>
    protected override void EndRow()
    {
        _text.EndRow();
        if (_text.Length >= FlushAt)
        {
            Flush();
        }
    }

    private void Flush()
    {
        _stream.Write(_text.Written);
        _written += _text.Length;
        _text.Clear();
    }
}
