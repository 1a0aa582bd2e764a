using System.Buffers.Binary;
using System.IO.Compression;

namespace LocalAws.Parquet.Tests.Reading;

/// <summary>Reads the pages of one column chunk into its column's values.</summary>
internal sealed class ChunkReader(byte[] file, ThriftStruct metadata, LeafColumn column, List<PageInfo> pages)
{
    private readonly List<object> _dictionary = [];

    public void Read()
    {
        var position = (int)(metadata.Has(11) && metadata.Integer(11) > 0 ? metadata.Integer(11) : metadata.Integer(9));
        var end = position + metadata.Int32(7);
        while (position < end)
        {
            var page = new PageInfo(column.Name, ThriftStruct.Read(file, ref position));
            var compressed = page.Header.Int32(3);
            var body = Decompress(file.AsSpan(position, compressed), page.Header.Int32(2));
            position += compressed;
            pages.Add(page);
            if (page.IsDictionary)
            {
                _dictionary.AddRange(Plain(body, page.Header.Struct(7).Int32(1)));
            }
            else
            {
                ReadData(body, page.Header.Struct(5).Int32(1), page.Encoding);
            }
        }

        if (position != end)
        {
            throw new InvalidDataException($"Column '{column.Name}' ends at {position}, not at {end}.");
        }
    }

    private byte[] Decompress(ReadOnlySpan<byte> body, int length)
    {
        if (metadata.Integer(4) == 0)
        {
            return body.ToArray();
        }

        using var source = new GZipStream(new MemoryStream(body.ToArray()), CompressionMode.Decompress);
        var result = new byte[length];
        source.ReadExactly(result);
        return source.ReadByte() < 0 ? result : throw new InvalidDataException("A page is longer than its header says.");
    }

    private void ReadData(byte[] body, int rows, int encoding)
    {
        var position = 0;
        var levels = Enumerable.Repeat(1, rows).ToArray();
        if (!column.Required)
        {
            var length = BinaryPrimitives.ReadInt32LittleEndian(body);
            levels = Hybrid(body.AsSpan(4, length), 1, rows);
            position = 4 + length;
        }

        var count = levels.Sum();
        var rest = body[position..];
        var values = encoding switch
        {
            0 => Plain(rest, count),
            2 or 8 => [.. Hybrid(rest.AsSpan(1), rest[0], count).Select(index => _dictionary[index])],
            _ => throw new InvalidDataException($"Encoding {encoding}."),
        };
        var next = 0;
        foreach (var level in levels)
        {
            column.Values.Add(level == 0 ? null : values[next++]);
        }
    }

    private static int[] Hybrid(ReadOnlySpan<byte> bytes, int width, int count)
    {
        var result = new List<int>();
        var position = 0;
        while (result.Count < count)
        {
            var header = (int)ThriftStruct.Varint(bytes, ref position);
            if ((header & 1) == 0)
            {
                var value = 0;
                for (var i = 0; i < (width + 7) / 8; i++)
                {
                    value |= bytes[position++] << (8 * i);
                }

                result.AddRange(Enumerable.Repeat(value, header >> 1));
                continue;
            }

            var packed = bytes.Slice(position, (header >> 1) * width);
            position += packed.Length;
            for (var i = 0; i < (header >> 1) * 8; i++)
            {
                var value = 0;
                for (var bit = 0; bit < width; bit++)
                {
                    var at = (i * width) + bit;
                    value |= ((packed[at >> 3] >> (at & 7)) & 1) << bit;
                }

                result.Add(value);
            }
        }

        return [.. result.Take(count)];
    }

    private List<object> Plain(ReadOnlySpan<byte> bytes, int count)
    {
        var values = new List<object>(count);
        var position = 0;
        for (var i = 0; i < count; i++)
        {
            switch (column.Type)
            {
                case PhysicalType.Boolean:
                    values.Add(((bytes[i >> 3] >> (i & 7)) & 1) == 1);
                    position = (i >> 3) + 1;
                    break;
                case PhysicalType.Int32:
                    values.Add(BinaryPrimitives.ReadInt32LittleEndian(bytes[position..]));
                    position += 4;
                    break;
                case PhysicalType.Int64:
                    values.Add(BinaryPrimitives.ReadInt64LittleEndian(bytes[position..]));
                    position += 8;
                    break;
                case PhysicalType.Float:
                    values.Add(BinaryPrimitives.ReadSingleLittleEndian(bytes[position..]));
                    position += 4;
                    break;
                case PhysicalType.Double:
                    values.Add(BinaryPrimitives.ReadDoubleLittleEndian(bytes[position..]));
                    position += 8;
                    break;
                case PhysicalType.FixedLenByteArray:
                    values.Add(bytes.Slice(position, column.Schema.Int32(2)).ToArray());
                    position += column.Schema.Int32(2);
                    break;
                default:
                    var length = BinaryPrimitives.ReadInt32LittleEndian(bytes[position..]);
                    values.Add(bytes.Slice(position + 4, length).ToArray());
                    position += 4 + length;
                    break;
            }
        }

        return position == bytes.Length ? values : throw new InvalidDataException($"A page of '{column.Name}' has bytes behind its values.");
    }
}
