using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using LocalAws.Parquet.Encodings;

namespace LocalAws.Parquet.Columns;

/// <summary>Numbers of 4 or 8 bytes.</summary>
/// <typeparam name="T">int, long, float or double.</typeparam>
public sealed class PrimitiveColumnBuffer<T> : ColumnBuffer
    where T : unmanaged, INumber<T>, IMinMaxValue<T>
{
    private readonly T[] _minMax = new T[2];
    private readonly BitsDictionary _dictionary = new();
    private T[] _values = new T[1024];

    internal PrimitiveColumnBuffer(ParquetColumn column)
        : base(column)
    {
    }

    /// <inheritdoc/>
    public override long Bytes => (long)Values * Unsafe.SizeOf<T>();

    internal override int DictionaryEntries => _dictionary.Count;

    /// <summary>Appends a value.</summary>
    /// <param name="value">The value.</param>
    public void Append(T value)
    {
        if (Values == _values.Length)
        {
            Array.Resize(ref _values, 2 * _values.Length);
        }

        _values[Values] = value;
        AddValue();
    }

    internal override int PlainSize(int value) => Unsafe.SizeOf<T>();

    internal override void WritePlain(int first, int count, ByteBuffer output) =>
        output.Write(MemoryMarshal.AsBytes(_values.AsSpan(first, count)));

    internal override void WriteDictionary(ByteBuffer output)
    {
        foreach (var bits in _dictionary.Keys)
        {
            var value = FromBits(bits);
            output.Write(MemoryMarshal.AsBytes(new ReadOnlySpan<T>(in value)));
        }
    }

    private protected override void BuildDictionary(int limit, int[] indexes)
    {
        _dictionary.Clear();
        var largest = limit / Unsafe.SizeOf<T>();
        var i = 0;
        for (; i < Values; i++)
        {
            var index = _dictionary.IndexOf(ToBits(_values[i]), largest);
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
        var found = false;
        T least = default, most = default;
        foreach (var value in _values.AsSpan(first, count))
        {
            if (T.IsNaN(value))
            {
                continue;
            }

            least = !found || value < least ? value : least;
            most = !found || value > most ? value : most;
            found = true;
        }

        // The format's rule for zeros, whose sign the comparison does not see: -0 as minimum, +0 as maximum.
        _minMax[0] = typeof(T) != typeof(int) && typeof(T) != typeof(long) && T.IsZero(least) ? -T.Zero : least;
        _minMax[1] = T.IsZero(most) ? T.Zero : most;
        min = MemoryMarshal.AsBytes(_minMax.AsSpan(0, 1));
        max = MemoryMarshal.AsBytes(_minMax.AsSpan(1, 1));
        return found;
    }

    // The dictionary compares bits: -0 and +0 are two values, and every NaN equals itself.
    private static ulong ToBits(T value) =>
        Unsafe.SizeOf<T>() == sizeof(int) ? Unsafe.BitCast<T, uint>(value) : Unsafe.BitCast<T, ulong>(value);

    private static T FromBits(ulong bits) =>
        Unsafe.SizeOf<T>() == sizeof(int) ? Unsafe.BitCast<uint, T>((uint)bits) : Unsafe.BitCast<ulong, T>(bits);
}
