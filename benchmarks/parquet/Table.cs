using System.Buffers.Binary;
using System.Globalization;
using LocalAws.Parquet;
using LocalAws.Parquet.Tests;

namespace Cdc.ParquetBenchmark;

/// <summary>Columns and the rows of one row group, column by column.</summary>
/// <param name="Columns">The columns.</param>
/// <param name="Values">For each column its values: bool, int, long, float, double or byte[], as a file stores them; NULL as null.</param>
internal sealed record Table(IReadOnlyList<ParquetColumn> Columns, IReadOnlyList<object?[]> Values)
{
    private static readonly string[] Statuses = ["new", "paid", "sent", "returned"];

    /// <summary>Rows of the row group.</summary>
    public int Rows => Values[0].Length;

    /// <summary>The ten rows of the file that AWS wrote.</summary>
    /// <param name="file">The file.</param>
    public static Table Of(AwsFile file) =>
        new(AwsFile.Columns, [.. AwsFile.Columns.Select((_, column) => file.Rows.Select(row => row[column]).ToArray())]);

    /// <summary>
    /// Orders as a DMS task writes them: its own two columns, a key, numbers, text of few and of many values, every seventh NULL.
    /// </summary>
    /// <param name="rows">Their number.</param>
    public static Table Orders(int rows)
    {
        var columns = new (ParquetColumn Column, Func<int, object?> Value)[]
        {
            (ParquetColumn.Text("Op"), _ => Text("I")),
            (ParquetColumn.Text("dms_commit_ts", required: true),
                n => Text(Invariant($"2026-01-01 00:00:{n / 1000 % 60:00}.{n % 1000:000}000"))),
            (new("id", PhysicalType.Int64), n => 1_000_000L + n),
            (new("customer_id", PhysicalType.Int32), n => n % 7 == 0 ? null : n * 31 % 500),
            (ParquetColumn.Text("status"), n => Text(Statuses[n % Statuses.Length])),
            (ParquetColumn.Text("note"), n => n % 7 == 0 ? null : Text(Invariant($"order {n * 7919} of a customer"))),
            (ParquetColumn.Decimal("amount", 12, 2), n => Decimal(n * 1013L % 1_000_000, 12)),
            (new("created_at", PhysicalType.Int64, ConvertedType.TimestampMicros), n => 1_767_225_600_000_000L + (n * 1_000_003L)),
            (new("weight", PhysicalType.Double), n => n % 7 == 0 ? null : n / 8.0),
            (new("paid", PhysicalType.Boolean), n => n % 3 == 0),
        };
        return new Table(
            [.. columns.Select(column => column.Column)],
            [.. columns.Select(column => Enumerable.Range(0, rows).Select(column.Value).ToArray())]);
    }

    private static byte[] Text(string text) => System.Text.Encoding.UTF8.GetBytes(text);

    private static string Invariant(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);

    private static byte[] Decimal(long unscaled, int precision)
    {
        var bytes = new byte[sizeof(long)];
        BinaryPrimitives.WriteInt64BigEndian(bytes, unscaled);
        return bytes[^ParquetColumn.DecimalWidth(precision)..];
    }
}
