using System.Globalization;
using System.Numerics;
using LocalAws.Parquet.Tests.Reading;
using ParquetSharp.Schema;

namespace LocalAws.Replication.Tests.Harness;

/// <summary>A row of a Parquet object, each value as the text that PostgreSQL would print for it.</summary>
internal sealed record RawRow(string Key, IReadOnlyDictionary<string, string?> Values)
{
    public string Operation => Values["Op"]!;

    public string? this[string column] => Values[column];

    public static IEnumerable<RawRow> Read(string key, byte[] bytes)
    {
        var file = ParquetContents.Read(bytes);
        for (var row = 0; row < file.Rows; row++)
        {
            var at = row;
            yield return new RawRow(key, file.Columns.ToDictionary(column => column.Name, column => Text(column, column.Values[at])));
        }
    }

    private static string? Text(LeafColumn column, object? value)
    {
        return (value, column.Converted) switch
        {
            (null, _) => null,
            (bool flag, _) => flag ? "t" : "f",
            (byte[] bytes, ConvertedType.UTF8) => System.Text.Encoding.UTF8.GetString(bytes),
            (byte[] bytes, ConvertedType.Decimal) => Decimal(new BigInteger(bytes, isBigEndian: true), column.Scale),
            (byte[] bytes, _) => "\\x" + Convert.ToHexStringLower(bytes),
            (int days, ConvertedType.Date) => DateTime.UnixEpoch.AddDays(days).ToString("yyyy-MM-dd", CultureInfo.InvariantCulture),
            (int millis, ConvertedType.TimeMillis) => TimeSpan.FromMilliseconds(millis).ToString("c", CultureInfo.InvariantCulture),
            (long micros, ConvertedType.TimestampMicros) => DateTime.UnixEpoch.AddTicks(micros * 10).ToString(
                "yyyy-MM-dd HH:mm:ss.FFFFFF", CultureInfo.InvariantCulture),
            (float or double, _) => ((IFormattable)value).ToString("R", CultureInfo.InvariantCulture).Replace('E', 'e'),
            _ => Convert.ToString(value, CultureInfo.InvariantCulture),
        };
    }

    private static string Decimal(BigInteger unscaled, int scale)
    {
        var digits = BigInteger.Abs(unscaled).ToString(CultureInfo.InvariantCulture).PadLeft(scale + 1, '0');
        var text = scale == 0 ? digits : $"{digits[..^scale]}.{digits[^scale..]}";
        return (unscaled.Sign < 0 ? "-" : "") + text;
    }
}
