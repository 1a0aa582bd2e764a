using LocalAws.Replication.Changes;
using LocalAws.Replication.Source;
using LocalAws.Replication.Values;

namespace LocalAws.Replication.Decoding;

/// <summary>
/// Walks over the columns that <c>test_decoding</c> prints of a change, <c> name[type]:value</c> for each
/// (contrib/test_decoding/test_decoding.c, tuple_to_stringinfo). It changes nothing, so that a change can be read again by another
/// definition.
/// </summary>
/// <param name="buffer">Where the change is.</param>
/// <param name="start">Where the first column's blank is.</param>
/// <param name="end">Behind the change.</param>
internal struct ChangeText(byte[] buffer, int start, int end)
{
    private static readonly byte[] Null = "null"u8.ToArray();
    private static readonly byte[] Unchanged = "unchanged-toast-datum"u8.ToArray();
    private static readonly byte[] NewTuple = " new-tuple:"u8.ToArray();
    private static readonly byte[] OldKey = " old-key:"u8.ToArray();
    private static readonly byte[] NoTuple = " (no-tuple-data)"u8.ToArray();

    private int _position = start;

    public readonly bool AtEnd => _position >= end;

    /// <summary>Takes the word in front of the old values of an update.</summary>
    public bool TakeOldKey() => Take(OldKey);

    /// <summary>Takes the word in front of the new values of an update that has old ones.</summary>
    public bool TakeNewTuple() => Take(NewTuple);

    /// <summary>Takes what stands for a row of which the log has nothing.</summary>
    public bool TakeNoTuple() => Take(NoTuple);

    /// <summary>Reads a row that has every column.</summary>
    public ColumnsMatch Row(TableDefinition table, RowImage row)
    {
        var headers = table.LogHeaders;
        row.Reset(buffer, headers.Count);
        var match = ColumnsMatch.Same;
        for (var i = 0; i < headers.Count; i++)
        {
            if (!Take(headers[i]) || !TryValue(row, i, table.Numbers[i], ref match))
            {
                return ColumnsMatch.Other;
            }
        }

        return AtEnd ? match : ColumnsMatch.Other;
    }

    /// <summary>Reads an old row, which has some of the columns.</summary>
    public ColumnsMatch OldRow(TableDefinition table, RowImage row)
    {
        var headers = table.LogHeaders;
        row.Reset(buffer, headers.Count);
        var match = ColumnsMatch.Same;
        for (var i = 0; i < headers.Count; i++)
        {
            if (Take(headers[i]) && !TryValue(row, i, table.Numbers[i], ref match))
            {
                return ColumnsMatch.Other;
            }
        }

        return AtEnd || Rest.StartsWith(NewTuple) ? match : ColumnsMatch.Other;
    }

    /// <summary>Reads the next column's name and type, as they are printed, and passes over its value.</summary>
    public bool TryHeader(out ReadOnlySpan<byte> name, out ReadOnlySpan<byte> type)
    {
        name = type = default;
        if (AtEnd || buffer[_position] != ' ' || Rest.StartsWith(NewTuple))
        {
            return false;
        }

        _position++;
        var nameStart = _position;
        SkipUntil((byte)'[');
        name = buffer.AsSpan(nameStart, _position - nameStart);
        var typeStart = ++_position;
        for (var depth = 1; depth > 0 && !AtEnd; _position++)
        {
            switch (buffer[_position])
            {
                case (byte)'[':
                    depth++;
                    break;
                case (byte)']':
                    depth--;
                    break;
                case (byte)'"':
                    SkipQuoted();
                    break;
            }
        }

        type = buffer.AsSpan(typeStart, _position - 1 - typeStart);
        _position++;
        return TryValue(out _, out _, out _);
    }

    private readonly ReadOnlySpan<byte> Rest => buffer.AsSpan(_position, end - _position);

    private bool Take(ReadOnlySpan<byte> expected)
    {
        if (!Rest.StartsWith(expected))
        {
            return false;
        }

        _position += expected.Length;
        return true;
    }

    private bool TryValue(RowImage row, int index, NumberForm form, ref ColumnsMatch match)
    {
        if (!TryValue(out var valueStart, out var valueLength, out var doubled))
        {
            return false;
        }

        var value = buffer.AsSpan(valueStart, valueLength);
        var quoted = buffer[valueStart - 1] == '\'';
        if (!quoted && value.SequenceEqual(Null))
        {
            row.SetNull(index);
            return true;
        }

        if (!quoted && value.SequenceEqual(Unchanged))
        {
            row.SetUnchanged(index);
            return true;
        }

        row.Set(index, valueStart, valueLength);
        if (doubled)
        {
            row.MarkDoubled(index);
        }

        if (!form.Prints(value))
        {
            match = ColumnsMatch.OtherDecimals;
        }

        return true;
    }

    /// <summary>Takes a value: in quotes, with doubled ones inside; bits as B'…'; or bare up to the next blank.</summary>
    private bool TryValue(out int valueStart, out int valueLength, out bool doubled)
    {
        doubled = false;
        if (_position + 1 < end && buffer[_position] == 'B' && buffer[_position + 1] == '\'')
        {
            _position++;
        }

        if (AtEnd || buffer[_position] != '\'')
        {
            valueStart = _position;
            var blank = Rest.IndexOf((byte)' ');
            valueLength = blank < 0 ? end - _position : blank;
            _position += valueLength;
            return valueLength > 0;
        }

        valueStart = ++_position;
        while (true)
        {
            var quote = Rest.IndexOf((byte)'\'');
            if (quote < 0)
            {
                valueLength = 0;
                return false;
            }

            _position += quote + 1;
            if (AtEnd || buffer[_position] != '\'')
            {
                valueLength = _position - 1 - valueStart;
                return true;
            }

            doubled = true;
            _position++;
        }
    }

    private void SkipUntil(byte wanted)
    {
        for (; !AtEnd && buffer[_position] != wanted; _position++)
        {
            if (buffer[_position] == '"')
            {
                SkipQuoted();
            }
        }
    }

    /// <summary>Moves to the quote that ends an identifier.</summary>
    private void SkipQuoted()
    {
        do
        {
            _position++;
        }
        while (!AtEnd && buffer[_position] != '"');
    }
}
