namespace LocalAws.Parquet.Tests.Reading;

/// <summary>A page's header and the column that it belongs to.</summary>
public sealed record PageInfo(string Column, ThriftStruct Header)
{
    public bool IsDictionary => Header.Integer(1) == 2;

    /// <summary>Encoding number of the page's values.</summary>
    public int Encoding => IsDictionary ? Header.Struct(7).Int32(2) : Header.Struct(5).Int32(2);
}
