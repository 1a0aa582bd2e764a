using System.Buffers.Binary;

namespace LocalAws.Parquet.Tests.Headers;

/// <summary>
/// Footer and page headers of a Parquet file as they are encoded, which ParquetSharp does not show: it reads the pages behind them and
/// hands out values. Nothing here decodes a value.
/// </summary>
internal sealed class FileHeaders
{
    private FileHeaders(ThriftStruct footer, IReadOnlyList<PageHeader> pages)
    {
        Footer = footer;
        Pages = pages;
    }

    /// <summary>The footer, a <c>FileMetaData</c> of the format's <c>parquet.thrift</c>.</summary>
    public ThriftStruct Footer { get; }

    /// <summary>The elements of the schema, its root first.</summary>
    public IEnumerable<ThriftStruct> Schema => Footer.Structs(2);

    /// <summary>The headers of all pages, in the order of row groups and columns.</summary>
    public IReadOnlyList<PageHeader> Pages { get; }

    /// <summary>Reads the headers of a file.</summary>
    /// <param name="file">Its bytes.</param>
    public static FileHeaders Read(byte[] file)
    {
        var end = file.Length - 8;
        var position = end - BinaryPrimitives.ReadInt32LittleEndian(file.AsSpan(end));
        var footer = ThriftStruct.Read(file, ref position);
        if (position != end)
        {
            throw new InvalidDataException($"The footer ends at {position}, not at {end}.");
        }

        var pages = new List<PageHeader>();
        foreach (var (number, group) in footer.Structs(4).Index())
        {
            foreach (var (column, chunk) in group.Structs(1).Index())
            {
                ReadPages(file, chunk.Struct(3), number, column, pages);
            }
        }

        return new FileHeaders(footer, pages);
    }

    private static void ReadPages(byte[] file, ThriftStruct chunk, int group, int column, List<PageHeader> pages)
    {
        var position = chunk.Int32(chunk.Has(11) && chunk.Integer(11) > 0 ? 11 : 9);
        var end = position + chunk.Int32(7);
        while (position < end)
        {
            var start = position;
            var header = ThriftStruct.Read(file, ref position);
            pages.Add(new PageHeader(group, column, start, header));
            position = start + pages[^1].Size;
        }

        if (position != end)
        {
            throw new InvalidDataException($"The pages of column {column} in row group {group} end at {position}, not at {end}.");
        }
    }
}
