using System.Buffers.Binary;

namespace LocalAws.Parquet.Tests.Headers;

/// <summary>Any Thrift compact structure, read without knowing its definition: field number → value.</summary>
internal sealed class ThriftStruct
{
    private readonly SortedDictionary<int, object> _fields = [];

    private ThriftStruct()
    {
    }

    /// <summary>The bytes that the structure takes.</summary>
    public byte[] Encoded { get; private set; } = [];

    /// <summary>The numbers of the fields that are there.</summary>
    public IEnumerable<int> Fields => _fields.Keys;

    /// <summary>Whether a field is there.</summary>
    /// <param name="field">The field's number.</param>
    public bool Has(int field) => _fields.ContainsKey(field);

    /// <summary>An integer of any width.</summary>
    /// <param name="field">The field's number.</param>
    public long Integer(int field) => (long)_fields[field];

    /// <summary>An integer that has at most 32 bits.</summary>
    /// <param name="field">The field's number.</param>
    public int Int32(int field) => checked((int)Integer(field));

    /// <summary>A byte string.</summary>
    /// <param name="field">The field's number.</param>
    public byte[] Bytes(int field) => (byte[])_fields[field];

    /// <summary>A structure.</summary>
    /// <param name="field">The field's number.</param>
    public ThriftStruct Struct(int field) => (ThriftStruct)_fields[field];

    /// <summary>A list of integers.</summary>
    /// <param name="field">The field's number.</param>
    public IEnumerable<int> Int32s(int field) => ((List<object>)_fields[field]).Select(value => checked((int)(long)value));

    /// <summary>A list of structures.</summary>
    /// <param name="field">The field's number.</param>
    public IEnumerable<ThriftStruct> Structs(int field) => ((List<object>)_fields[field]).Cast<ThriftStruct>();

    /// <summary>The structure as text, for comparisons that tell what differs.</summary>
    public override string ToString() => "{" + string.Join(", ", _fields.Select(pair => $"{pair.Key}: {Show(pair.Value)}")) + "}";

    /// <summary>Reads a structure.</summary>
    /// <param name="bytes">Where it stands.</param>
    /// <param name="position">Its first byte; moves behind its last.</param>
    public static ThriftStruct Read(ReadOnlySpan<byte> bytes, ref int position)
    {
        var result = new ThriftStruct();
        var start = position;
        var field = 0;
        while (bytes[position] != 0)
        {
            var header = bytes[position++];
            var step = header >> 4;
            field = step == 0 ? (int)Zigzag(bytes, ref position) : field + step;
            result._fields[field] = Value(bytes, ref position, header & 15);
        }

        position++;
        result.Encoded = bytes[start..position].ToArray();
        return result;
    }

    private static object Value(ReadOnlySpan<byte> bytes, ref int position, int type)
    {
        switch (type)
        {
            case 1:
                return true;
            case 2:
                return false;
            case 3:
                return (long)(sbyte)bytes[position++];
            case 4 or 5 or 6:
                return Zigzag(bytes, ref position);
            case 7:
                position += 8;
                return BinaryPrimitives.ReadDoubleLittleEndian(bytes[(position - 8)..]);
            case 8:
                var length = (int)Varint(bytes, ref position);
                position += length;
                return bytes.Slice(position - length, length).ToArray();
            case 9 or 10:
                var header = bytes[position++];
                var count = header >> 4 == 15 ? (int)Varint(bytes, ref position) : header >> 4;
                var list = new List<object>();
                for (var i = 0; i < count; i++)
                {
                    list.Add(Value(bytes, ref position, header & 15));
                }

                return list;
            case 12:
                return Read(bytes, ref position);
            default:
                throw new InvalidDataException($"Thrift type {type} at {position}.");
        }
    }

    private static string Show(object value) => value switch
    {
        byte[] bytes => Convert.ToHexString(bytes),
        List<object> list => "[" + string.Join(", ", list.Select(Show)) + "]",
        _ => value.ToString()!,
    };

    private static long Zigzag(ReadOnlySpan<byte> bytes, ref int position)
    {
        var value = Varint(bytes, ref position);
        return (long)(value >> 1) ^ -(long)(value & 1);
    }

    private static ulong Varint(ReadOnlySpan<byte> bytes, ref int position)
    {
        ulong value = 0;
        for (var shift = 0; ; shift += 7)
        {
            var part = bytes[position++];
            value |= (ulong)(part & 0x7f) << shift;
            if (part < 0x80)
            {
                return value;
            }
        }
    }
}
