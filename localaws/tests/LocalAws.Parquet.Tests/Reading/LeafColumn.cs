namespace LocalAws.Parquet.Tests.Reading;

/// <summary>A column as ParquetSharp shows it, with its values of all row groups.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Type">Its physical type.</param>
/// <param name="Converted">Its annotation.</param>
/// <param name="Required">REQUIRED instead of OPTIONAL.</param>
/// <param name="Length">Bytes of a value, where the schema states them.</param>
/// <param name="Precision">Digits of a decimal.</param>
/// <param name="Scale">Digits behind the point of a decimal.</param>
internal sealed record LeafColumn(
    string Name,
    ParquetSharp.PhysicalType Type,
    ParquetSharp.Schema.ConvertedType Converted,
    bool Required,
    int Length,
    int Precision,
    int Scale)
{
    /// <summary>The values: bool, int, long, float, double or byte[], as they are stored; NULL as null.</summary>
    public List<object?> Values { get; } = [];

    /// <summary>Rows of each data page.</summary>
    public List<int> PageRows { get; } = [];
}
