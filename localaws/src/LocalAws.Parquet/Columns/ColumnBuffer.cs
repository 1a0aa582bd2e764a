using LocalAws.Parquet.Encodings;

namespace LocalAws.Parquet.Columns;

/// <summary>The values of one column in the row group being filled. A row is one call of an Append method of the concrete type.</summary>
public abstract class ColumnBuffer
{
    private byte[] _levels = new byte[1024];
    private int[] _indexes = [];

    private protected ColumnBuffer(ParquetColumn column) => Column = column;

    /// <summary>The column's place in the schema.</summary>
    public ParquetColumn Column { get; }

    /// <summary>Rows in the buffer, NULLs included.</summary>
    public int Rows { get; private set; }

    /// <summary>Values in the buffer, NULLs excluded.</summary>
    public int Values { get; private set; }

    /// <summary>Bytes the values take un-encoded.</summary>
    public abstract long Bytes { get; }

    internal ReadOnlySpan<byte> Levels => _levels.AsSpan(0, Rows);

    /// <summary>Values that <see cref="PrepareDictionary"/> covered, from the first on.</summary>
    internal ReadOnlySpan<int> Indexes => _indexes.AsSpan(0, IndexedValues);

    internal int IndexedValues { get; private protected set; }

    internal virtual int DictionaryEntries => 0;

    internal virtual bool HasDictionary => true;

    /// <summary>Whether the older, signed minimum and maximum fields hold for this type.</summary>
    internal virtual bool SignedOrder => true;

    internal virtual bool HasMinMax => true;

    /// <summary>Appends a NULL.</summary>
    /// <exception cref="InvalidOperationException">The column is REQUIRED.</exception>
    public void AppendNull()
    {
        if (Column.Required)
        {
            throw new InvalidOperationException($"Column '{Column.Name}' is REQUIRED and got a NULL.");
        }

        AddLevel(0);
    }

    internal virtual void Clear()
    {
        Rows = 0;
        Values = 0;
        IndexedValues = 0;
    }

    /// <summary>Bytes of one value in plain encoding.</summary>
    internal abstract int PlainSize(int value);

    internal abstract void WritePlain(int first, int count, ByteBuffer output);

    internal abstract void WriteDictionary(ByteBuffer output);

    /// <summary>Gives every value an index in a dictionary, until the dictionary would exceed <paramref name="limit"/> bytes.</summary>
    private protected abstract void BuildDictionary(int limit, int[] indexes);

    /// <summary>Plain bytes of the smallest and the largest of the values; false if they cannot be told.</summary>
    internal abstract bool TryMinMax(int first, int count, out ReadOnlySpan<byte> min, out ReadOnlySpan<byte> max);

    internal void PrepareDictionary(int limit)
    {
        if (_indexes.Length < Values)
        {
            _indexes = new int[Values];
        }

        BuildDictionary(limit, _indexes);
    }

    private protected void AddValue()
    {
        Values++;
        AddLevel(1);
    }

    private void AddLevel(byte level)
    {
        if (Rows == _levels.Length)
        {
            Array.Resize(ref _levels, 2 * _levels.Length);
        }

        _levels[Rows++] = level;
    }
}
