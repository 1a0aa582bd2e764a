using LocalAws.Parquet.Encodings;

namespace LocalAws.Parquet.Thrift;

/// <summary>Thrift's compact protocol, as far as Parquet's metadata needs it.</summary>
internal sealed class ThriftCompactWriter(ByteBuffer output)
{
    private const byte TypeTrue = 1;
    private const byte TypeFalse = 2;
    private const byte TypeInt32 = 5;
    private const byte TypeInt64 = 6;
    private const byte TypeBinary = 8;
    private const byte TypeList = 9;
    private const byte TypeStruct = 12;

    private readonly Stack<int> _outer = new();
    private int _lastField;

    public void BeginStruct()
    {
        _outer.Push(_lastField);
        _lastField = 0;
    }

    public void EndStruct()
    {
        output.Write(0);
        _lastField = _outer.Pop();
    }

    public void BeginStructField(int id)
    {
        Header(id, TypeStruct);
        BeginStruct();
    }

    public void Field(int id, bool value) => Header(id, value ? TypeTrue : TypeFalse);

    public void Field(int id, int value)
    {
        Header(id, TypeInt32);
        Integer(value);
    }

    public void Field(int id, long value)
    {
        Header(id, TypeInt64);
        Integer(value);
    }

    public void Field(int id, ReadOnlySpan<byte> value)
    {
        Header(id, TypeBinary);
        Binary(value);
    }

    public void Field(int id, string value) => Field(id, System.Text.Encoding.UTF8.GetBytes(value));

    public void BeginStructList(int id, int count) => ListHeader(id, count, TypeStruct);

    public void BeginInt32List(int id, int count) => ListHeader(id, count, TypeInt32);

    public void BeginBinaryList(int id, int count) => ListHeader(id, count, TypeBinary);

    public void Integer(long value) => output.WriteVarint((ulong)((value << 1) ^ (value >> 63)));

    public void Binary(ReadOnlySpan<byte> value)
    {
        output.WriteVarint((ulong)value.Length);
        output.Write(value);
    }

    private void ListHeader(int id, int count, byte elementType)
    {
        const int CountIsElsewhere = 15;
        Header(id, TypeList);
        if (count < CountIsElsewhere)
        {
            output.Write((byte)((count << 4) | elementType));
            return;
        }

        output.Write((byte)((CountIsElsewhere << 4) | elementType));
        output.WriteVarint((ulong)count);
    }

    private void Header(int id, byte type)
    {
        var step = id - _lastField;
        if (step is < 1 or > 15)
        {
            throw new ArgumentOutOfRangeException(nameof(id), id, "Fields are written in ascending order, at most 15 apart.");
        }

        output.Write((byte)((step << 4) | type));
        _lastField = id;
    }
}
