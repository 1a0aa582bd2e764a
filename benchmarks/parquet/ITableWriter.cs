using LocalAws.Parquet;

namespace Cdc.ParquetBenchmark;

/// <summary>
/// A Parquet writer with a table in the form that its interface takes fastest. Making that form is not measured: it is what a caller of
/// the library would have to do besides.
/// </summary>
internal interface ITableWriter
{
    /// <summary>Writes a file.</summary>
    /// <param name="output">Where to.</param>
    /// <param name="groups">Row groups, each of them the whole table.</param>
    /// <param name="encoding">Encoding of the values.</param>
    Task WriteAsync(Stream output, int groups, EncodingType encoding);
}
