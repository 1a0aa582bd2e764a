namespace LocalAws.Parquet;

/// <summary>How values are encoded: the S3 endpoint setting <c>EncodingType</c>.</summary>
public enum EncodingType
{
    /// <summary>Values one after the other.</summary>
    Plain,

    /// <summary>A dictionary page and indexes, under the encoding number of format version 1.</summary>
    PlainDictionary,

    /// <summary>A dictionary page and indexes, under the encoding number of format version 2.</summary>
    RleDictionary,
}
