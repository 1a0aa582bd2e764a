namespace LocalAws.Parquet;

/// <summary>The format version that the footer states. Data pages are of version 1 in both, as DMS writes them.</summary>
public enum ParquetVersion
{
    /// <summary><c>parquet-1-0</c>.</summary>
    Version1 = 1,

    /// <summary><c>parquet-2-0</c>.</summary>
    Version2 = 2,
}
