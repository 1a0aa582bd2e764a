using System.Buffers.Binary;
using LocalAws.Replication.Values;

namespace LocalAws.Replication.Changes;

/// <summary>Walks over one pgoutput message (protocol version 1, values as text).</summary>
internal struct MessageReader(byte[] buffer)
{
    // Microseconds from 1970-01-01 to 2000-01-01, where PostgreSQL's clock starts.
    private const long PostgresEpoch = 946_684_800_000_000;

    private int _position;

    public byte Byte() => buffer[_position++];

    public short Int16()
    {
        _position += sizeof(short);
        return BinaryPrimitives.ReadInt16BigEndian(buffer.AsSpan(_position - sizeof(short)));
    }

    public int Int32()
    {
        _position += sizeof(int);
        return BinaryPrimitives.ReadInt32BigEndian(buffer.AsSpan(_position - sizeof(int)));
    }

    public uint UInt32() => (uint)Int32();

    public ulong UInt64()
    {
        _position += sizeof(ulong);
        return BinaryPrimitives.ReadUInt64BigEndian(buffer.AsSpan(_position - sizeof(ulong)));
    }

    /// <summary>A time in microseconds since 1970-01-01.</summary>
    public long Time() => (long)UInt64() + PostgresEpoch;

    public string Text()
    {
        var end = buffer.AsSpan(_position).IndexOf((byte)0);
        var text = System.Text.Encoding.UTF8.GetString(buffer, _position, end);
        _position += end + 1;
        return text;
    }

    /// <summary>Reads a row; its image points into the message.</summary>
    public void Tuple(RowImage image)
    {
        image.Reset(buffer);
        var columns = Int16();
        for (var i = 0; i < columns; i++)
        {
            switch (Byte())
            {
                case (byte)'n':
                    image.AddNull();
                    break;
                case (byte)'u':
                    image.AddUnchanged();
                    break;
                default:
                    var size = Int32();
                    image.Add(_position, size);
                    _position += size;
                    break;
            }
        }
    }
}
