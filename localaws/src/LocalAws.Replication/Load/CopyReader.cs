using LocalAws.Replication.Values;

namespace LocalAws.Replication.Load;

/// <summary>Reads the rows of COPY … TO STDOUT in text format; values are unescaped where they lie.</summary>
/// <param name="stream">The bytes that the server sends.</param>
/// <param name="limits">For each column, how many bytes of a value are wanted; of a longer one the rest may be left out.</param>
internal sealed class CopyReader(Stream stream, IReadOnlyList<int> limits)
{
    private const int Large = 8 * 1024 * 1024;

    private byte[] _buffer = new byte[256 * 1024];
    private int _start;
    private int _end;

    // Of the row that is not whole yet: up to where its end was looked for, up to where it was trimmed, and the field that goes on there.
    private int _searched;
    private int _trimmed;
    private int _column;
    private int _kept;

    /// <summary>Takes the next row that is in memory. False: <see cref="FillAsync"/> first.</summary>
    public bool TryRead(RowImage row)
    {
        var length = _buffer.AsSpan(_searched, _end - _searched).IndexOf((byte)'\n');
        if (length < 0)
        {
            _searched = _end;
            return false;
        }

        Split(row, _start, _searched + length);
        _start = _searched += length + 1;
        (_trimmed, _column, _kept) = (_start, 0, 0);
        return true;
    }

    /// <summary>Reads on. False at the end.</summary>
    public async ValueTask<bool> FillAsync(CancellationToken cancellationToken)
    {
        if (_start > 0)
        {
            _buffer.AsSpan(_start, _end - _start).CopyTo(_buffer);
            _trimmed -= _start;
            _searched -= _start;
            _end -= _start;
            _start = 0;
        }

        if (_end == _buffer.Length)
        {
            Trim();
            if (_end > _buffer.Length * 3L / 4)
            {
                Array.Resize(ref _buffer, _buffer.Length < Large ? 2 * _buffer.Length : _buffer.Length + (_buffer.Length / 4));
            }
        }

        var read = await stream.ReadAsync(_buffer.AsMemory(_end), cancellationToken);
        _end += read;
        return read > 0;
    }

    /// <summary>Leaves out what exceeds the limits, in the part of a row that has come so far.</summary>
    private void Trim()
    {
        var target = _trimmed;
        var position = _trimmed;
        while (position < _end)
        {
            var length = _buffer.AsSpan(position, _end - position).IndexOf((byte)'\t');
            var fieldEnd = length < 0 ? _end : position + length;
            var keep = Math.Clamp(limits[Math.Min(_column, limits.Count - 1)] - _kept, 0, fieldEnd - position);
            _buffer.AsSpan(position, keep).CopyTo(_buffer.AsSpan(target));
            target += keep;
            _kept += keep;
            if (keep < fieldEnd - position && EndsWithinEscape(target))
            {
                target--;
            }

            position = fieldEnd;
            if (length >= 0)
            {
                _buffer[target++] = (byte)'\t';
                position++;
                _column++;
                _kept = 0;
            }
        }

        _end = _trimmed = _searched = target;
    }

    /// <summary>Whether the field's kept bytes end with a backslash whose other half was left out.</summary>
    private bool EndsWithinEscape(int end)
    {
        var backslashes = 0;
        while (end - backslashes - 1 >= _start && _buffer[end - backslashes - 1] == '\\')
        {
            backslashes++;
        }

        return backslashes % 2 == 1;
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
