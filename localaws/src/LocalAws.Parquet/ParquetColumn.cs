namespace LocalAws.Parquet;

/// <summary>A leaf of the (flat) schema.</summary>
/// <param name="Name">The column's name.</param>
/// <param name="Type">Physical type.</param>
/// <param name="Converted">Annotation, if there is one.</param>
/// <param name="Required">REQUIRED instead of OPTIONAL. DMS writes its own timestamp column so, source columns never.</param>
/// <param name="TypeLength">Length in bytes of <see cref="PhysicalType.FixedLenByteArray"/>.</param>
/// <param name="Precision">Digits of a decimal.</param>
/// <param name="Scale">Digits behind the point of a decimal.</param>
public sealed record ParquetColumn(
    string Name,
    PhysicalType Type,
    ConvertedType? Converted = null,
    bool Required = false,
    int TypeLength = 0,
    int Precision = 0,
    int Scale = 0)
{
    /// <summary>A DECIMAL(<paramref name="precision"/>, <paramref name="scale"/>) in as few bytes as hold its precision.</summary>
    /// <param name="name">The column's name.</param>
    /// <param name="precision">Its digits, 1 to 38.</param>
    /// <param name="scale">Those behind the point.</param>
    public static ParquetColumn Decimal(string name, int precision, int scale) =>
        new(name, PhysicalType.FixedLenByteArray, ConvertedType.Decimal, false, DecimalWidth(precision), precision, scale);

    /// <summary>UTF-8 text.</summary>
    /// <param name="name">The column's name.</param>
    /// <param name="required">REQUIRED instead of OPTIONAL.</param>
    public static ParquetColumn Text(string name, bool required = false) =>
        new(name, PhysicalType.ByteArray, ConvertedType.Utf8, required);

    /// <summary>Bytes of two's complement that hold every number of <paramref name="precision"/> digits: 15 digits take 7 bytes.</summary>
    /// <param name="precision">Digits, 1 to 38.</param>
    public static int DecimalWidth(int precision)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(precision, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(precision, 38);
        var largest = System.Numerics.BigInteger.Pow(10, precision) - 1;
        return largest.GetByteCount();
    }
}
