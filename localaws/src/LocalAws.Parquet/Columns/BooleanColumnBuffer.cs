using LocalAws.Parquet.Encodings;

namespace LocalAws.Parquet.Columns;

/// <summary>Booleans: one bit a value, never a dictionary.</summary>
public sealed class BooleanColumnBuffer : ColumnBuffer
{
    private static readonly byte[] False = [0];
    private static readonly byte[] True = [1];
    private bool[] _values = new bool[1024];

    internal BooleanColumnBuffer(ParquetColumn column)
        : base(column)
    {
    }

    /// <inheritdoc/>
    public override long Bytes => Values;

    internal override bool HasDictionary => false;

    /// <summary>Appends a value.</summary>
    /// <param name="value">The value.</param>
    public void Append(bool value)
    {
        if (Values == _values.Length)
        {
            Array.Resize(ref _values, 2 * _values.Length);
        }

        _values[Values] = value;
        AddValue();
    }

    // Counted as a byte, so that a page ends on a multiple of eight values only by chance; pages are packed one by one.
    internal override int PlainSize(int value) => 1;

    internal override void WritePlain(int first, int count, ByteBuffer output)
    {
        var target = output.Extend((count + 7) / 8);
        target.Clear();
        for (var i = 0; i < count; i++)
        {
            if (_values[first + i])
            {
                target[i >> 3] |= (byte)(1 << (i & 7));
            }
        }
    }

    internal override void WriteDictionary(ByteBuffer output) => throw new NotSupportedException();

    private protected override void BuildDictionary(int limit, int[] indexes) => throw new NotSupportedException();

    internal override bool TryMinMax(int first, int count, out ReadOnlySpan<byte> min, out ReadOnlySpan<byte> max)
    {
        var values = _values.AsSpan(first, count);
        min = values.Contains(false) ? False : True;
        max = values.Contains(true) ? True : False;
        return count > 0;
    }
}
