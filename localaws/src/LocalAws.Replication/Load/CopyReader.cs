using LocalAws.Replication.Values;

namespace LocalAws.Replication.Load;

/// <summary>Reads the rows of COPY … TO STDOUT in text format; values are unescaped where they lie.</summary>
internal sealed class CopyReader(Stream stream)
{
    private byte[] _buffer = new byte[256 * 1024];
    private int _start;
    private int _end;

    /// <summary>Takes the next row that is in memory. False: <see cref="FillAsync"/> first.</summary>
    public bool TryRead(RowImage row)
    {
        var length = _buffer.AsSpan(_start, _end - _start).IndexOf((byte)'\n');
        if (length < 0)
        {
            return false;
        }

        Split(row, _start, _start + length);
        _start += length + 1;
        return true;
    }

    /// <summary>Reads on. False at the end.</summary>
    public async ValueTask<bool> FillAsync(CancellationToken cancellationToken)
    {
        if (_start > 0)
        {
            _buffer.AsSpan(_start, _end - _start).CopyTo(_buffer);
            _end -= _start;
            _start = 0;
        }

        if (_end == _buffer.Length)
        {
            Array.Resize(ref _buffer, 2 * _buffer.Length);
        }

        var read = await stream.ReadAsync(_buffer.AsMemory(_end), cancellationToken);
        _end += read;
        return read > 0;
    }

    private void Split(RowImage row, int start, int end)
    {
        row.Reset(_buffer);
        while (true)
        {
            var length = _buffer.AsSpan(start, end - start).IndexOf((byte)'\t');
            var fieldEnd = length < 0 ? end : start + length;
            AddField(row, start, fieldEnd);
            if (length < 0)
            {
                return;
            }

            start = fieldEnd + 1;
        }
    }

    private void AddField(RowImage row, int start, int end)
    {
        var escape = _buffer.AsSpan(start, end - start).IndexOf((byte)'\\');
        if (escape < 0)
        {
            row.Add(start, end - start);
        }
        else if (escape == 0 && end - start == 2 && _buffer[start + 1] == 'N')
        {
            row.AddNull();
        }
        else
        {
            row.Add(start, Unescape(start + escape, end) - start);
        }
    }

    /// <summary>Unescapes in place from the first escape on; returns the new end.</summary>
    private int Unescape(int start, int end)
    {
        var target = start;
        for (var i = start; i < end; i++)
        {
            var value = _buffer[i];
            if (value == '\\' && i + 1 < end)
            {
                value = _buffer[++i] switch
                {
                    (byte)'b' => 8,
                    (byte)'t' => 9,
                    (byte)'n' => 10,
                    (byte)'v' => 11,
                    (byte)'f' => 12,
                    (byte)'r' => 13,
                    var other => other,
                };
            }

            _buffer[target++] = value;
        }

        return target;
    }
}
