using System.Diagnostics;
using System.Globalization;
using System.Text;
using System.Text.Json;
using FluentAssertions;

namespace LocalAws.Parquet.Tests;

/// <summary>Apache Spark, which the pipeline reads with, reads what the writer wrote: in bulk, in every encoding.</summary>
public sealed class SparkTests
{
    private const int RowCount = 30_000;

    private static readonly ParquetColumn[] Columns =
    [
        ParquetColumn.Text("ts", required: true),
        new("flag", PhysicalType.Boolean),
        new("small", PhysicalType.Int32, ConvertedType.Int16),
        new("big", PhysicalType.Int64),
        new("real", PhysicalType.Double),
        ParquetColumn.Text("name"),
        ParquetColumn.Decimal("amount", 12, 2),
        new("day", PhysicalType.Int32, ConvertedType.Date),
        new("moment", PhysicalType.Int64, ConvertedType.TimestampMicros),
    ];

    private const string Script = """
        import json, sys
        from pyspark.sql import SparkSession
        spark = SparkSession.builder.master("local[1]").config("spark.ui.enabled", "false") \
            .config("spark.sql.session.timeZone", "UTC").getOrCreate()
        out = {}
        for path in sys.argv[1:]:
            frame = spark.read.parquet(path)
            row = frame.selectExpr("count(*) n", "count(flag) flags", "sum(int(flag)) trues", "sum(small) small", "sum(big) big",
                "sum(real) real", "count(distinct name) names", "sum(length(name)) chars", "string(sum(amount)) amount",
                "string(max(day)) day", "string(max(moment)) moment", "max(ts) ts").first()
            out[path.rsplit("/", 1)[1]] = row.asDict()
        print("RESULT " + json.dumps(out))
        """;

    [Fact]
    public async Task Spark_sees_the_sums_that_were_written()
    {
        var folder = Directory.CreateTempSubdirectory("parquet-spark");
        try
        {
            var encodings = new[] { EncodingType.Plain, EncodingType.PlainDictionary, EncodingType.RleDictionary };
            var rows = Enumerable.Range(0, RowCount).Select(Row).ToList();
            foreach (var encoding in encodings)
            {
                var options = new ParquetWriterOptions
                {
                    Encoding = encoding,
                    DictionaryPageSizeLimit = 20_000,
                    DataPageSize = 10_000,
                    Compression = encoding == EncodingType.Plain ? CompressionCodec.Gzip : CompressionCodec.Uncompressed,
                };
                await File.WriteAllBytesAsync(Path.Combine(folder.FullName, $"{encoding}.parquet"), Rows.Write(Columns, rows, options));
            }

            var result = await SparkAsync(folder, encodings.Select(encoding => $"{encoding}.parquet"));

            result.Count.Should().Be(encodings.Length);
            foreach (var seen in result.Values)
            {
                Expected().Should().OnlyContain(pair => seen.GetProperty(pair.Key).ToString() == pair.Value, seen.ToString());
            }
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private static object?[] Row(int i) =>
    [
        Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"2024-01-01 00:00:00.{i:000000}")),
        i % 5 == 0 ? null : (object)(i % 2 == 0),
        i % 300,
        (long)i * 1_000_003,
        i / 4.0,
        i % 7 == 0 ? null : Encoding.UTF8.GetBytes("é" + i),
        Decimal(-i),
        i % 20_000,
        i * 1_000_000L,
    ];

    private static byte[] Decimal(long unscaled)
    {
        var bytes = BitConverter.GetBytes(unscaled).Take(ParquetColumn.DecimalWidth(12)).Reverse();
        return [.. bytes];
    }

    private static Dictionary<string, string> Expected()
    {
        var all = Enumerable.Range(0, RowCount).ToList();
        var named = all.Where(i => i % 7 != 0).ToList();
        return new Dictionary<string, string>
        {
            ["n"] = $"{RowCount}",
            ["flags"] = $"{all.Count(i => i % 5 != 0)}",
            ["trues"] = $"{all.Count(i => i % 5 != 0 && i % 2 == 0)}",
            ["small"] = $"{all.Sum(i => (long)(i % 300))}",
            ["big"] = $"{all.Sum(i => i * 1_000_003L)}",
            ["names"] = $"{named.Count}",
            ["chars"] = $"{named.Sum(i => 1 + i.ToString(CultureInfo.InvariantCulture).Length)}",
            ["amount"] = (-all.Sum(i => (decimal)i) / 100).ToString("0.00", CultureInfo.InvariantCulture),
            ["day"] = DateTime.UnixEpoch.AddDays(19_999).ToString("yyyy-MM-dd", CultureInfo.InvariantCulture),
            ["moment"] = DateTime.UnixEpoch.AddSeconds(RowCount - 1).ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture),
            ["ts"] = string.Create(CultureInfo.InvariantCulture, $"2024-01-01 00:00:00.{RowCount - 1:000000}"),
        };
    }

    private static async Task<Dictionary<string, JsonElement>> SparkAsync(DirectoryInfo folder, IEnumerable<string> files)
    {
        var script = Path.Combine(folder.FullName, "read.py");
        await File.WriteAllTextAsync(script, Script);
        var start = new ProcessStartInfo(
            Path.Combine(VirtualEnvironment(), "bin", "python"), [script, .. files.Select(file => Path.Combine(folder.FullName, file))])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = folder.FullName,
        };
        using var process = Process.Start(start)!;
        var output = process.StandardOutput.ReadToEndAsync();
        var errors = process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync();
        process.ExitCode.Should().Be(0, await errors);
        var line = (await output).Split('\n').Single(text => text.StartsWith("RESULT ", StringComparison.Ordinal));
        return JsonSerializer.Deserialize<Dictionary<string, JsonElement>>(line["RESULT ".Length..])!;
    }

    /// <summary>The repository's virtual environment, or the one that CDC_VENV names.</summary>
    private static string VirtualEnvironment()
    {
        if (Environment.GetEnvironmentVariable("CDC_VENV") is { Length: > 0 } named)
        {
            return named;
        }

        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "Directory.Packages.props")))
        {
            folder = folder.Parent;
        }

        return Path.Combine(folder!.FullName, ".local", "venv");
    }
}
