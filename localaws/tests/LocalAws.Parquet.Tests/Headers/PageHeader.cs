namespace LocalAws.Parquet.Tests.Headers;

/// <summary>A page's header, where it stands, and whose it is.</summary>
/// <param name="Group">Number of the row group.</param>
/// <param name="Column">Number of the column.</param>
/// <param name="Position">The first byte of the header in the file.</param>
/// <param name="Header">The header, a <c>PageHeader</c> of the format's <c>parquet.thrift</c>.</param>
internal sealed record PageHeader(int Group, int Column, int Position, ThriftStruct Header)
{
    /// <summary>Whether it is the chunk's dictionary.</summary>
    public bool IsDictionary => Header.Integer(1) == 2;

    /// <summary>Values or, in a data page, rows.</summary>
    public int Count => Details.Int32(1);

    /// <summary>Encoding number of the page's values.</summary>
    public int Encoding => Details.Int32(2);

    /// <summary>Statistics of a data page of version 1, maximum in field 1, minimum in field 2, NULLs in field 3.</summary>
    public ThriftStruct Statistics => Details.Struct(5);

    /// <summary>Bytes of the page with its header, uncompressed.</summary>
    public int UncompressedSize => Header.Encoded.Length + Header.Int32(2);

    /// <summary>Bytes of the page with its header, as it stands in the file.</summary>
    public int Size => Header.Encoded.Length + Header.Int32(3);

    // Field 5 is a data page of version 1, 7 a dictionary page, 8 a data page of version 2.
    private ThriftStruct Details => Header.Struct(Header.Has(8) ? 8 : IsDictionary ? 7 : 5);
}
