using LocalAws.Parquet.Encodings;

namespace LocalAws.Parquet.Thrift;

/// <summary>Thrift's compact protocol, as far as Parquet's metadata needs it.</summary>
/// <param name="output">Where to.</param>
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

    /// <summary>Begins a structure that is an element of a list or stands alone.</summary>
    public void BeginStruct()
    {
        _outer.Push(_lastField);
        _lastField = 0;
    }

    /// <summary>Ends the structure that was begun last.</summary>
    public void EndStruct()
    {
        output.Write(0);
        _lastField = _outer.Pop();
    }

    /// <summary>Begins a structure that is a field.</summary>
    /// <param name="id">The field's number.</param>
    public void BeginStructField(int id)
    {
        Header(id, TypeStruct);
        BeginStruct();
    }

    /// <summary>Writes a Boolean field.</summary>
    /// <param name="id">The field's number.</param>
    /// <param name="value">The value.</param>
    public void Field(int id, bool value) => Header(id, value ? TypeTrue : TypeFalse);

    /// <summary>Writes a field of 32 bits.</summary>
    /// <param name="id">The field's number.</param>
    /// <param name="value">The value.</param>
    public void Field(int id, int value)
    {
        Header(id, TypeInt32);
        Integer(value);
    }

    /// <summary>Writes a field of 64 bits.</summary>
    /// <param name="id">The field's number.</param>
    /// <param name="value">The value.</param>
    public void Field(int id, long value)
    {
        Header(id, TypeInt64);
        Integer(value);
    }

    /// <summary>Writes a field of bytes.</summary>
    /// <param name="id">The field's number.</param>
    /// <param name="value">The value.</param>
    public void Field(int id, ReadOnlySpan<byte> value)
    {
        Header(id, TypeBinary);
        Binary(value);
    }

    /// <summary>Writes a field of text.</summary>
    /// <param name="id">The field's number.</param>
    /// <param name="value">The value.</param>
    public void Field(int id, string value) => Field(id, System.Text.Encoding.UTF8.GetBytes(value));

    /// <summary>Begins a list of structures, which the caller writes.</summary>
    /// <param name="id">The field's number.</param>
    /// <param name="count">Elements of the list.</param>
    public void BeginStructList(int id, int count) => ListHeader(id, count, TypeStruct);

    /// <summary>Begins a list of integers, which the caller writes.</summary>
    /// <param name="id">The field's number.</param>
    /// <param name="count">Elements of the list.</param>
    public void BeginInt32List(int id, int count) => ListHeader(id, count, TypeInt32);

    /// <summary>Begins a list of byte strings, which the caller writes.</summary>
    /// <param name="id">The field's number.</param>
    /// <param name="count">Elements of the list.</param>
    public void BeginBinaryList(int id, int count) => ListHeader(id, count, TypeBinary);

    /// <summary>Writes an integer of any width.</summary>
    /// <param name="value">The value.</param>
    public void Integer(long value) => output.WriteVarint((ulong)((value << 1) ^ (value >> 63)));

    /// <summary>Writes a byte string.</summary>
    /// <param name="value">The value.</param>
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
