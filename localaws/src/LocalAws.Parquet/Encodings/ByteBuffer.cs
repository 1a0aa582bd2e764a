using System.Buffers.Binary;

namespace LocalAws.Parquet.Encodings;

/// <summary>
/// A growing array of bytes that is filled, read and emptied again. It is given back only where it grew beyond what is usual.
/// </summary>
internal sealed class ByteBuffer
{
    private const int Usual = 4 * 1024 * 1024;

    private byte[] _bytes;

    /// <summary>Makes an empty buffer.</summary>
    /// <param name="capacity">Bytes before it has to grow.</param>
    public ByteBuffer(int capacity = 256) => _bytes = new byte[capacity];

    /// <summary>Bytes written.</summary>
    public int Length { get; private set; }

    /// <summary>What is written; valid until the next write.</summary>
    public ReadOnlySpan<byte> Written => _bytes.AsSpan(0, Length);

    /// <summary>A part of what is written; valid until the next write.</summary>
    /// <param name="start">Its first byte.</param>
    /// <param name="length">Its bytes.</param>
    public ReadOnlySpan<byte> Slice(int start, int length) => _bytes.AsSpan(start, length);

    /// <summary>Empties the buffer.</summary>
    public void Clear()
    {
        Length = 0;
        if (_bytes.Length > Usual)
        {
            _bytes = [];
        }
    }

    /// <summary>Gives bytes to write into; they count as written.</summary>
    /// <param name="count">Their number.</param>
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

    /// <summary>Writes a byte.</summary>
    /// <param name="value">The byte.</param>
    public void Write(byte value)
    {
        if (Length == _bytes.Length)
        {
            Grow(1);
        }

        _bytes[Length++] = value;
    }

    /// <summary>Writes bytes.</summary>
    /// <param name="bytes">The bytes.</param>
    public void Write(ReadOnlySpan<byte> bytes) => bytes.CopyTo(Extend(bytes.Length));

    /// <summary>Writes four bytes, little-endian.</summary>
    /// <param name="value">The number.</param>
    public void WriteInt32(int value) => BinaryPrimitives.WriteInt32LittleEndian(Extend(sizeof(int)), value);

    /// <summary>Writes a number in groups of seven bits, the lowest first.</summary>
    /// <param name="value">The number.</param>
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
    /// <param name="position">The first of them.</param>
    /// <param name="value">The number that they become.</param>
    public void PatchInt32(int position, int value) =>
        BinaryPrimitives.WriteInt32LittleEndian(_bytes.AsSpan(position, sizeof(int)), value);

    /// <summary>Doubles, and where that would be much, takes a quarter more: two copies exist while one is made into the other.</summary>
    private void Grow(int count)
    {
        var larger = _bytes.Length < Usual ? 2L * _bytes.Length : _bytes.Length + (_bytes.Length / 4L);
        Array.Resize(ref _bytes, checked((int)Math.Min(Array.MaxLength, Math.Max((long)Length + count, larger))));
    }
}
