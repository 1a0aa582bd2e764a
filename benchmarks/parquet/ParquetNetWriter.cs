using System.Numerics;
using LocalAws.Parquet;
using Parquet;
using Parquet.Schema;

namespace Cdc.ParquetBenchmark;

/// <summary>Parquet.Net by its low-level interface: .NET's own types, columns as memory.</summary>
internal sealed class ParquetNetWriter : ITableWriter
{
    private readonly ParquetSchema _schema;
    private readonly Func<ParquetRowGroupWriter, Task>[] _writers;

    /// <summary>Converts a table.</summary>
    /// <param name="table">The table.</param>
    public ParquetNetWriter(Table table)
    {
        var fields = table.Columns.Select(Field).ToArray();
        _schema = new ParquetSchema([.. fields]);
        _writers = [.. table.Columns.Select((column, i) => Writer(column, fields[i], table.Values[i]))];
    }

    /// <inheritdoc/>
    public async Task WriteAsync(Stream output, int groups, EncodingType encoding)
    {
        var options = new ParquetOptions { CompressionMethod = CompressionMethod.None };
        foreach (var field in _schema.DataFields)
        {
            // Dictionaries it has for text and bytes only.
            options.ColumnEncodingHints[field.Path.ToString()] =
                encoding == EncodingType.Plain ? EncodingHint.Default : EncodingHint.Dictionary;
        }

        await using var writer = await ParquetWriter.CreateAsync(_schema, output, options);
        for (var group = 0; group < groups; group++)
        {
            using var rows = writer.CreateRowGroup();
            foreach (var write in _writers)
            {
                await write(rows);
            }
        }
    }

    private static DataField Field(ParquetColumn column) => column.Converted switch
    {
        ConvertedType.Utf8 => new DataField(column.Name, typeof(string), !column.Required),
        ConvertedType.Decimal => new DecimalDataField(column.Name, column.Precision, column.Scale, true, !column.Required),
        ConvertedType.TimestampMillis => Timestamp(column, DateTimeFormat.DateAndTime),
        ConvertedType.TimestampMicros => Timestamp(column, DateTimeFormat.DateAndTimeMicros),
        ConvertedType.Int16 => new DataField(column.Name, typeof(short), !column.Required),
        null => new DataField(column.Name, TypeOf(column.Type), !column.Required),
        _ => throw new NotSupportedException($"{column.Converted}"),
    };

    private static DateTimeDataField Timestamp(ParquetColumn column, DateTimeFormat format) =>
        new(column.Name, format, isAdjustedToUTC: true, unit: null, !column.Required);

    private static Type TypeOf(PhysicalType type) => type switch
    {
        PhysicalType.Boolean => typeof(bool),
        PhysicalType.Int32 => typeof(int),
        PhysicalType.Int64 => typeof(long),
        PhysicalType.Float => typeof(float),
        PhysicalType.Double => typeof(double),
        _ => typeof(byte[]),
    };

    private static Func<ParquetRowGroupWriter, Task> Writer(ParquetColumn column, DataField field, object?[] values) =>
        (column.Type, column.Converted) switch
        {
            (_, ConvertedType.Utf8) => Writer<ReadOnlyMemory<char>>(
                column, field, values, value => System.Text.Encoding.UTF8.GetString((byte[])value).AsMemory()),
            (_, ConvertedType.Decimal) => Writer(column, field, values, value => Decimal((byte[])value, column.Scale)),
            (_, ConvertedType.TimestampMillis) => Writer(column, field, values, value => DateTime.UnixEpoch.AddMilliseconds((long)value)),
            (_, ConvertedType.TimestampMicros) => Writer(column, field, values, value => DateTime.UnixEpoch.AddTicks((long)value * 10)),
            (_, ConvertedType.Int16) => Writer(column, field, values, value => (short)(int)value),
            (PhysicalType.Boolean, _) => Writer(column, field, values, value => (bool)value),
            (PhysicalType.Int32, _) => Writer(column, field, values, value => (int)value),
            (PhysicalType.Int64, _) => Writer(column, field, values, value => (long)value),
            (PhysicalType.Float, _) => Writer(column, field, values, value => (float)value),
            (PhysicalType.Double, _) => Writer(column, field, values, value => (double)value),
            _ => Writer<ReadOnlyMemory<byte>>(column, field, values, value => (byte[])value),
        };

    private static Func<ParquetRowGroupWriter, Task> Writer<T>(
        ParquetColumn column, DataField field, object?[] values, Func<object, T> convert)
        where T : struct
    {
        if (column.Required)
        {
            var all = values.Select(value => convert(value!)).ToArray();
            return rows => rows.WriteAsync<T>(field, all.AsMemory());
        }

        var typed = values.Select(value => value is null ? (T?)null : convert(value)).ToArray();
        return rows => rows.WriteAsync<T>(field, typed.AsMemory());
    }

    private static decimal Decimal(byte[] value, int scale)
    {
        var result = (decimal)new BigInteger(value, isBigEndian: true);
        for (var digit = 0; digit < scale; digit++)
        {
            result /= 10;
        }

        return result;
    }
}
