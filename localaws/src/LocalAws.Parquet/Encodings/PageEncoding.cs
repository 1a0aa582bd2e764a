namespace LocalAws.Parquet.Encodings;

/// <summary>Encodings with the numbers of the Parquet format's <c>Encoding</c>.</summary>
internal enum PageEncoding
{
    Plain = 0,
    PlainDictionary = 2,
    Rle = 3,
    RleDictionary = 8,
}
