namespace LocalAws.Parquet.Encodings;

/// <summary>Encodings with the numbers of the Parquet format's <c>Encoding</c>.</summary>
internal enum PageEncoding
{
    /// <summary>Values one after the other.</summary>
    Plain = 0,

    /// <summary>The dictionary or indexes into it, under the number of format version 1.</summary>
    PlainDictionary = 2,

    /// <summary>Run lengths and bit packing: definition levels.</summary>
    Rle = 3,

    /// <summary>Indexes into the dictionary, under the number of format version 2.</summary>
    RleDictionary = 8,
}
