namespace LocalAws.Parquet.Columns;

/// <summary>Numbers a column's distinct values of up to 64 bits in the order of their appearance.</summary>
internal sealed class BitsDictionary
{
    private const ulong Multiplier = 0x9E3779B97F4A7C15;

    // 0 = free, else index + 1.
    private int[] _slots = new int[1024];
    private ulong[] _keys = new ulong[512];

    /// <summary>Distinct values so far.</summary>
    public int Count { get; private set; }

    /// <summary>The distinct values, each at its number.</summary>
    public ReadOnlySpan<ulong> Keys => _keys.AsSpan(0, Count);

    /// <summary>Forgets all values.</summary>
    public void Clear()
    {
        Array.Clear(_slots);
        Count = 0;
    }

    /// <summary>The number of a value, which is added if it is new; -1 if it is new and the dictionary is full.</summary>
    /// <param name="key">The value's bits.</param>
    /// <param name="limit">Values that the dictionary may have.</param>
    public int IndexOf(ulong key, int limit)
    {
        var mask = _slots.Length - 1;
        var slot = Hash(key) & mask;
        while (_slots[slot] != 0)
        {
            var index = _slots[slot] - 1;
            if (_keys[index] == key)
            {
                return index;
            }

            slot = (slot + 1) & mask;
        }

        if (Count >= limit)
        {
            return -1;
        }

        if (Count == _keys.Length)
        {
            Grow();
            return IndexOf(key, limit);
        }

        _keys[Count] = key;
        _slots[slot] = Count + 1;
        return Count++;
    }

    private void Grow()
    {
        Array.Resize(ref _keys, 2 * _keys.Length);
        _slots = new int[2 * _slots.Length];
        var mask = _slots.Length - 1;
        for (var i = 0; i < Count; i++)
        {
            var slot = Hash(_keys[i]) & mask;
            while (_slots[slot] != 0)
            {
                slot = (slot + 1) & mask;
            }

            _slots[slot] = i + 1;
        }
    }

    private static int Hash(ulong key) => (int)((key * Multiplier) >> 33);
}
