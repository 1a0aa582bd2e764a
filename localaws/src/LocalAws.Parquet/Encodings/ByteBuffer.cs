using System.Buffers.Binary;

namespace LocalAws.Parquet.Encodings;

/// <summary>A growing array of bytes that is filled, read and emptied again. It is given back only where it grew beyond what is usual.</summary>
internal sealed class ByteBuffer
{
    private const int Usual = 4 * 1024 * 1024;

    private byte[] _bytes;

    public ByteBuffer(int capacity = 256) => _bytes = new byte[capacity];

    public int Length { get; private set; }

    public ReadOnlySpan<byte> Written => _bytes.AsSpan(0, Length);

    public ReadOnlySpan<byte> Slice(int start, int length) => _bytes.AsSpan(start, length);

    public void Clear()
    {
        Length = 0;
        if (_bytes.Length > Usual)
        {
            _bytes = [];
        }
    }

    /// <summary>Gives <paramref name="count"/> bytes to write into; they count as written.</summary>
    public Span<byte> Extend(int count)
    {
        if (_bytes.Length - Length < count)
        {
            Grow(count);
        }

        var span = _bytes.AsSpan(Length, count);
        Length += count;
        return span;
    }

    public void Write(byte value)
    {
        if (Length == _bytes.Length)
        {
            Grow(1);
        }

        _bytes[Length++] = value;
    }

    public void Write(ReadOnlySpan<byte> bytes) => bytes.CopyTo(Extend(bytes.Length));

    public void WriteInt32(int value) => BinaryPrimitives.WriteInt32LittleEndian(Extend(sizeof(int)), value);

    public void WriteVarint(ulong value)
    {
        while (value >= 0x80)
        {
            Write((byte)(value | 0x80));
            value >>= 7;
        }

        Write((byte)value);
    }

    /// <summary>Overwrites four bytes written earlier: a length that is known only afterwards.</summary>
    public void PatchInt32(int position, int value) =>
        BinaryPrimitives.WriteInt32LittleEndian(_bytes.AsSpan(position, sizeof(int)), value);

    /// <summary>Doubles, and where that would be much, takes a quarter more: two copies exist while one is made into the other.</summary>
    private void Grow(int count)
    {
        var larger = _bytes.Length < Usual ? 2L * _bytes.Length : _bytes.Length + (_bytes.Length / 4L);
        Array.Resize(ref _bytes, checked((int)Math.Min(Array.MaxLength, Math.Max((long)Length + count, larger))));
    }
}
