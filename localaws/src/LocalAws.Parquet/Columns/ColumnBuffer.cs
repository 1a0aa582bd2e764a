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

    /// <summary>A definition level for each row: 0 for a NULL, 1 for a value.</summary>
    internal ReadOnlySpan<byte> Levels => _levels.AsSpan(0, Rows);

    /// <summary>Values that <see cref="PrepareDictionary"/> covered, from the first on.</summary>
    internal ReadOnlySpan<int> Indexes => _indexes.AsSpan(0, IndexedValues);

    /// <summary>Values that have an index; those behind them found no room in the dictionary.</summary>
    internal int IndexedValues { get; private protected set; }

    /// <summary>Distinct values in the dictionary.</summary>
    internal virtual int DictionaryEntries => 0;

    /// <summary>Whether values of this type can have a dictionary.</summary>
    internal virtual bool HasDictionary => true;

    /// <summary>Whether the older, signed minimum and maximum fields hold for this type.</summary>
    internal virtual bool SignedOrder => true;

    /// <summary>Whether DMS writes statistics for this type.</summary>
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

    /// <summary>Empties the buffer for the next row group.</summary>
    internal virtual void Clear()
    {
        Rows = 0;
        Values = 0;
        IndexedValues = 0;
    }

    /// <summary>Bytes of one value in plain encoding.</summary>
    /// <param name="value">The value's number, NULLs not counted.</param>
    internal abstract int PlainSize(int value);

    /// <summary>Writes values in plain encoding.</summary>
    /// <param name="first">Number of the first value, NULLs not counted.</param>
    /// <param name="count">Number of values.</param>
    /// <param name="output">Where to.</param>
    internal abstract void WritePlain(int first, int count, ByteBuffer output);

    /// <summary>Writes the dictionary's values in plain encoding.</summary>
    /// <param name="output">Where to.</param>
    internal abstract void WriteDictionary(ByteBuffer output);

    /// <summary>Gives every value an index in a dictionary, until that is full.</summary>
    /// <param name="limit">Bytes that the dictionary may have.</param>
    /// <param name="indexes">Where the indexes go.</param>
    private protected abstract void BuildDictionary(int limit, int[] indexes);

    /// <summary>Finds the smallest and the largest of some values; false if there is none.</summary>
    /// <param name="first">Number of the first value, NULLs not counted.</param>
    /// <param name="count">Number of values.</param>
    /// <param name="min">Plain bytes of the smallest; valid until the next call.</param>
    /// <param name="max">Plain bytes of the largest; valid until the next call.</param>
    internal abstract bool TryMinMax(int first, int count, out ReadOnlySpan<byte> min, out ReadOnlySpan<byte> max);

    /// <summary>Builds the row group's dictionary and the indexes of its values.</summary>
    /// <param name="limit">Bytes that the dictionary may have.</param>
    internal void PrepareDictionary(int limit)
    {
        if (_indexes.Length < Values)
        {
            _indexes = new int[Values];
        }

        BuildDictionary(limit, _indexes);
    }

    /// <summary>Counts a row with a value, which the concrete type has stored.</summary>
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
