namespace LocalAws.Replication.Values;

/// <summary>
/// One row as PostgreSQL's text output, by reference into a buffer that is reused: valid until the next row is read.
/// </summary>
internal sealed class RowImage
{
    private const int NullLength = -1;
    private const int UnchangedLength = -2;

    private byte[] _data = [];
    private int[] _starts = new int[32];
    private int[] _lengths = new int[32];

    public int Count { get; private set; }

    /// <summary>Bytes of all values.</summary>
    public int Bytes { get; private set; }

    public void Reset(byte[] data)
    {
        _data = data;
        Count = 0;
        Bytes = 0;
    }

    public void Add(int start, int length)
    {
        Grow();
        _starts[Count] = start;
        _lengths[Count++] = length;
        Bytes += length;
    }

    public void AddNull() => AddMark(NullLength);

    /// <summary>A TOASTed value that the change did not touch and the log therefore does not have.</summary>
    public void AddUnchanged() => AddMark(UnchangedLength);

    public bool HasValue(int index) => index < Count && _lengths[index] >= 0;

    public bool IsUnchanged(int index) => index < Count && _lengths[index] == UnchangedLength;

    /// <summary>The value's text in UTF-8; ask <see cref="HasValue"/> first.</summary>
    public ReadOnlySpan<byte> this[int index] => _data.AsSpan(_starts[index], _lengths[index]);

    private void AddMark(int mark)
    {
        Grow();
        _lengths[Count++] = mark;
    }

    private void Grow()
    {
        if (Count == _lengths.Length)
        {
            Array.Resize(ref _starts, 2 * Count);
            Array.Resize(ref _lengths, 2 * Count);
        }
    }
}
