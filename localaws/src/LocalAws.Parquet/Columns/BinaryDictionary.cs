using System.Buffers.Binary;
using LocalAws.Parquet.Encodings;

namespace LocalAws.Parquet.Columns;

/// <summary>Numbers a column's distinct byte strings in the order of their appearance.</summary>
internal sealed class BinaryDictionary
{
    private const ulong Multiplier = 0x9E3779B97F4A7C15;

    private readonly ByteBuffer _data = new();

    // 0 = free, else index + 1.
    private int[] _slots = new int[1024];
    private int[] _ends = new int[512];
    private ulong[] _hashes = new ulong[512];

    /// <summary>Distinct values so far.</summary>
    public int Count { get; private set; }

    /// <summary>The value of a number.</summary>
    /// <param name="index">The number.</param>
    public ReadOnlySpan<byte> this[int index] => _data.Slice(Start(index), _ends[index] - Start(index));

    /// <summary>Forgets all values.</summary>
    public void Clear()
    {
        Array.Clear(_slots);
        _data.Clear();
        Count = 0;
    }

    /// <summary>The number of a value, which is added if it is new; -1 if it is new and the dictionary's page has no room for it.</summary>
    /// <param name="key">The value.</param>
    /// <param name="limit">Bytes that the page may have.</param>
    /// <param name="overhead">Bytes that a value takes there besides its own.</param>
    public int IndexOf(ReadOnlySpan<byte> key, int limit, int overhead)
    {
        var hash = Hash(key);
        var mask = _slots.Length - 1;
        var slot = (int)(hash >> 33) & mask;
        while (_slots[slot] != 0)
        {
            var index = _slots[slot] - 1;
            if (_hashes[index] == hash && this[index].SequenceEqual(key))
            {
                return index;
            }

            slot = (slot + 1) & mask;
        }

        if (_data.Length + key.Length + ((long)overhead * (Count + 1)) > limit)
        {
            return -1;
        }

        if (Count == _ends.Length)
        {
            Grow();
            return IndexOf(key, limit, overhead);
        }

        _data.Write(key);
        _ends[Count] = _data.Length;
        _hashes[Count] = hash;
        _slots[slot] = Count + 1;
        return Count++;
    }

    private int Start(int index) => index == 0 ? 0 : _ends[index - 1];

    private void Grow()
    {
        Array.Resize(ref _ends, 2 * _ends.Length);
        Array.Resize(ref _hashes, 2 * _hashes.Length);
        _slots = new int[2 * _slots.Length];
        var mask = _slots.Length - 1;
        for (var i = 0; i < Count; i++)
        {
            var slot = (int)(_hashes[i] >> 33) & mask;
            while (_slots[slot] != 0)
            {
                slot = (slot + 1) & mask;
            }

            _slots[slot] = i + 1;
        }
    }

    private static ulong Hash(ReadOnlySpan<byte> key)
    {
        var hash = (ulong)key.Length * Multiplier;
        while (key.Length >= sizeof(ulong))
        {
            hash = Mix(hash ^ BinaryPrimitives.ReadUInt64LittleEndian(key));
            key = key[sizeof(ulong)..];
        }

        ulong rest = 0;
        for (var i = 0; i < key.Length; i++)
        {
            rest |= (ulong)key[i] << (8 * i);
        }

        return Mix(hash ^ rest);
    }

    private static ulong Mix(ulong value)
    {
        value *= Multiplier;
        return value ^ (value >> 32);
    }
}
