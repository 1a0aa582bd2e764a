namespace LocalAws.Replication.Values;

/// <summary>
/// One row as PostgreSQL's text output, by reference into a buffer that is reused: valid until the next row is read.
/// </summary>
internal sealed class RowImage
{
    private const int NullLength = -1;
    private const int UnchangedLength = -2;
    private const int AbsentLength = -3;

    private byte[] _data = [];
    private int[] _starts = new int[32];
    private int[] _lengths = new int[32];
    private readonly List<int> _doubled = [];

    public int Count { get; private set; }

    /// <summary>Bytes of all values.</summary>
    public int Bytes { get; private set; }

    /// <summary>Begins a row whose values are added one after the other.</summary>
    public void Reset(byte[] data)
    {
        _data = data;
        Count = 0;
        Bytes = 0;
        _doubled.Clear();
    }

    /// <summary>Begins a row of <paramref name="count"/> values that are set by their place; those that are not set are absent.</summary>
    public void Reset(byte[] data, int count)
    {
        Reset(data);
        Grow(count);
        _lengths.AsSpan(0, count).Fill(AbsentLength);
        Count = count;
    }

    public void Add(int start, int length)
    {
        Grow(Count + 1);
        Set(Count++, start, length);
    }

    public void AddNull()
    {
        Grow(Count + 1);
        SetNull(Count++);
    }

    public void Set(int index, int start, int length)
    {
        _starts[index] = start;
        _lengths[index] = length;
        Bytes += length;
    }

    public void SetNull(int index) => _lengths[index] = NullLength;

    /// <summary>The value that was set last for this column has quotes that stand twice for one.</summary>
    public void MarkDoubled(int index) => _doubled.Add(index);

    /// <summary>Makes one quote of each two, where the values lie: their text cannot be read a second time.</summary>
    public void UndoubleQuotes()
    {
        foreach (var index in _doubled)
        {
            var value = _data.AsSpan(_starts[index], _lengths[index]);
            var length = 0;
            for (var i = 0; i < value.Length; i++)
            {
                value[length++] = value[i];
                i += value[i] == '\'' ? 1 : 0;
            }

            _lengths[index] = length;
        }

        _doubled.Clear();
    }

    /// <summary>A TOASTed value that the change did not touch and the log therefore does not have.</summary>
    public void SetUnchanged(int index) => _lengths[index] = UnchangedLength;

    public bool HasValue(int index) => index < Count && _lengths[index] >= 0;

    public bool IsUnchanged(int index) => index < Count && _lengths[index] == UnchangedLength;

    /// <summary>Whether the image says something of the column: a value, or NULL.</summary>
    public bool Knows(int index) => index < Count && _lengths[index] >= NullLength;

    /// <summary>The value's text in UTF-8; ask <see cref="HasValue"/> first.</summary>
    public ReadOnlySpan<byte> this[int index] => _data.AsSpan(_starts[index], _lengths[index]);

    private void Grow(int count)
    {
        if (count > _lengths.Length)
        {
            Array.Resize(ref _starts, Math.Max(count, 2 * _starts.Length));
            Array.Resize(ref _lengths, Math.Max(count, 2 * _lengths.Length));
        }
    }
}
