using System.Buffers.Binary;

namespace LocalAws.Parquet.Tests.Reading;

/// <summary>
/// A Parquet file read by code that shares nothing with the writer: footer, pages, levels, dictionaries.
/// Values come as bool, int, long, float, double or byte[]; NULL as null.
/// </summary>
public sealed class ParquetFile
{
    private ParquetFile(ThriftStruct footer, int footerStart, List<LeafColumn> columns, List<PageInfo> pages)
    {
        Footer = footer;
        FooterStart = footerStart;
        Columns = columns;
        Pages = pages;
    }

    public ThriftStruct Footer { get; }

    public int FooterStart { get; }

    public IReadOnlyList<LeafColumn> Columns { get; }

    public IReadOnlyList<PageInfo> Pages { get; }

    public long Rows => Footer.Integer(3);

    public IReadOnlyList<ThriftStruct> RowGroups => [.. Footer.Structs(4)];

    public LeafColumn this[string name] => Columns.Single(column => column.Name == name);

    public static ParquetFile Read(byte[] file)
    {
        if (!file.AsSpan(0, 4).SequenceEqual("PAR1"u8) || !file.AsSpan(file.Length - 4).SequenceEqual("PAR1"u8))
        {
            throw new InvalidDataException("No PAR1 at both ends.");
        }

        var start = file.Length - 8 - BinaryPrimitives.ReadInt32LittleEndian(file.AsSpan(file.Length - 8));
        var position = start;
        var footer = ThriftStruct.Read(file, ref position);
        if (position != file.Length - 8)
        {
            throw new InvalidDataException($"The footer ends at {position}, not at {file.Length - 8}.");
        }

        var columns = footer.Structs(2).Skip(1).Select(schema => new LeafColumn(schema)).ToList();
        var pages = new List<PageInfo>();
        foreach (var group in footer.Structs(4))
        {
            foreach (var (chunk, column) in group.Structs(1).Zip(columns))
            {
                new ChunkReader(file, chunk.Struct(3), column, pages).Read();
            }
        }

        return new ParquetFile(footer, start, columns, pages);
    }
}
