using System.Buffers.Binary;
using LocalAws.Parquet.Encodings;

namespace LocalAws.Parquet.Columns;

/// <summary>Byte strings: of any length (text, binary) or of the one that the schema states (decimals).</summary>
public sealed class BinaryColumnBuffer : ColumnBuffer
{
    private readonly ByteBuffer _data = new(4096);
    private readonly BinaryDictionary _dictionary = new();
    private readonly ByteCount _total;

    // Length in front of a value in plain encoding.
    private readonly int _prefix;
    private int[] _ends = new int[1024];

    /// <param name="column">The column's place in the schema.</param>
    /// <param name="total">Counts the bytes of all columns of a row group.</param>
    internal BinaryColumnBuffer(ParquetColumn column, ByteCount total)
        : base(column)
    {
        _prefix = column.Type == PhysicalType.ByteArray ? sizeof(int) : 0;
        _total = total;
    }

    /// <inheritdoc/>
    public override long Bytes => _data.Length;

    internal override int DictionaryEntries => _dictionary.Count;

    internal override bool SignedOrder => false;

    // DMS writes none for decimals: the order of their bytes is not the order of the numbers.
    internal override bool HasMinMax => Column.Type == PhysicalType.ByteArray;

    /// <summary>Appends a value.</summary>
    /// <param name="value">Its bytes.</param>
    /// <exception cref="ArgumentException">The value has not the length that the schema states.</exception>
    public void Append(ReadOnlySpan<byte> value) => value.CopyTo(Reserve(value.Length));

    /// <summary>Appends a value that the caller writes into the returned span.</summary>
    /// <param name="length">The value's bytes.</param>
    /// <exception cref="ArgumentException">The length is not the one that the schema states.</exception>
    public Span<byte> Reserve(int length)
    {
        if (_prefix == 0 && length != Column.TypeLength)
        {
            throw new ArgumentException(
                $"Column '{Column.Name}' holds values of {Column.TypeLength} bytes and got {length}.", nameof(length));
        }

        if (Values == _ends.Length)
        {
            Array.Resize(ref _ends, 2 * _ends.Length);
        }

        var span = _data.Extend(length);
        _ends[Values] = _data.Length;
        _total.Value += length;
        AddValue();
        return span;
    }

    internal override void Clear()
    {
        base.Clear();
        _data.Clear();
    }

    internal override int PlainSize(int value) => _prefix + _ends[value] - Start(value);

    internal override void WritePlain(int first, int count, ByteBuffer output)
    {
        if (count == 0)
        {
            return;
        }

        if (_prefix == 0)
        {
            output.Write(_data.Slice(Start(first), _ends[first + count - 1] - Start(first)));
            return;
        }

        for (var i = first; i < first + count; i++)
        {
            WritePrefixed(Value(i), output);
        }
    }

    internal override void WriteDictionary(ByteBuffer output)
    {
        for (var i = 0; i < _dictionary.Count; i++)
        {
            if (_prefix == 0)
            {
                output.Write(_dictionary[i]);
            }
            else
            {
                WritePrefixed(_dictionary[i], output);
            }
        }
    }

    private protected override void BuildDictionary(int limit, int[] indexes)
    {
        _dictionary.Clear();
        var i = 0;
        for (; i < Values; i++)
        {
            var index = _dictionary.IndexOf(Value(i), limit, _prefix);
            if (index < 0)
            {
                break;
            }

            indexes[i] = index;
        }

        IndexedValues = i;
    }

    internal override bool TryMinMax(int first, int count, out ReadOnlySpan<byte> min, out ReadOnlySpan<byte> max)
    {
        min = max = default;
        if (count == 0)
        {
            return false;
        }

        min = max = Value(first);
        for (var i = first + 1; i < first + count; i++)
        {
            var value = Value(i);
            if (value.SequenceCompareTo(min) < 0)
            {
                min = value;
            }
            else if (value.SequenceCompareTo(max) > 0)
            {
                max = value;
            }
        }

        return true;
    }

    private static void WritePrefixed(ReadOnlySpan<byte> value, ByteBuffer output)
    {
        var target = output.Extend(sizeof(int) + value.Length);
        BinaryPrimitives.WriteInt32LittleEndian(target, value.Length);
        value.CopyTo(target[sizeof(int)..]);
    }

    private ReadOnlySpan<byte> Value(int index) => _data.Slice(Start(index), _ends[index] - Start(index));

    private int Start(int index) => index == 0 ? 0 : _ends[index - 1];
}
