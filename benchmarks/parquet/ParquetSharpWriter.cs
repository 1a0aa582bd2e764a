using System.Runtime.InteropServices;
using LocalAws.Parquet;
using ParquetSharp;
using ParquetSharp.IO;
using ParquetSharp.Schema;
using ConvertedType = LocalAws.Parquet.ConvertedType;
using ParquetFileWriter = ParquetSharp.ParquetFileWriter;
using PhysicalType = LocalAws.Parquet.PhysicalType;

namespace Cdc.ParquetBenchmark;

/// <summary>
/// ParquetSharp, which is Apache's C++ library, by its low-level interface: physical values and definition levels, as near to AWS's
/// files as its settings go.
/// </summary>
internal sealed class ParquetSharpWriter(Table table) : ITableWriter
{
    private readonly Action<ColumnWriter>[] _writers = [.. table.Columns.Zip(table.Values, Writer)];

    /// <inheritdoc/>
    public Task WriteAsync(Stream output, int groups, EncodingType encoding)
    {
        using var schema = new GroupNode("schema", Repetition.Required, [.. table.Columns.Select(Node)]);
        using var properties = Properties(encoding);
        using var stream = new ManagedOutputStream(output, leaveOpen: true);
        using var writer = new ParquetFileWriter(stream, schema, properties);
        for (var group = 0; group < groups; group++)
        {
            using var rows = writer.AppendRowGroup();
            foreach (var write in _writers)
            {
                using var column = rows.NextColumn();
                write(column);
            }
        }

        writer.Close();
        return Task.CompletedTask;
    }

    private WriterProperties Properties(EncodingType encoding)
    {
        using var builder = new WriterPropertiesBuilder();
        builder.CreatedBy("AWS");
        builder.Version(ParquetSharp.ParquetVersion.PARQUET_2_6);
        builder.DataPageVersion(ParquetDataPageVersion.V1);
        builder.Compression(Compression.Uncompressed);
        builder.SetSizeStatisticsLevel(SizeStatisticsLevel.None);
        builder.DisableWritePageIndex();
        if (encoding == EncodingType.Plain)
        {
            builder.DisableDictionary();
            builder.Encoding(ParquetSharp.Encoding.Plain);
        }

        foreach (var column in table.Columns.Where(column => column.Converted == ConvertedType.Decimal))
        {
            builder.DisableStatistics(column.Name);
        }

        return builder.Build();
    }

    private static PrimitiveNode Node(ParquetColumn column)
    {
        using var type = column.Converted switch
        {
            ConvertedType.Utf8 => LogicalType.String(),
            ConvertedType.Decimal => LogicalType.Decimal(column.Precision, column.Scale),
            ConvertedType.Int16 => LogicalType.Int(16, isSigned: true),
            ConvertedType.TimestampMillis => LogicalType.Timestamp(true, TimeUnit.Millis),
            ConvertedType.TimestampMicros => LogicalType.Timestamp(true, TimeUnit.Micros),
            null => LogicalType.None(),
            _ => throw new NotSupportedException($"{column.Converted}"),
        };
        return new PrimitiveNode(
            column.Name,
            column.Required ? Repetition.Required : Repetition.Optional,
            type,
            (ParquetSharp.PhysicalType)(int)column.Type,
            column.Type == PhysicalType.FixedLenByteArray ? column.TypeLength : -1);
    }

    private static Action<ColumnWriter> Writer(ParquetColumn column, object?[] values) => column.Type switch
    {
        PhysicalType.Boolean => Writer<bool>(column, values, value => (bool)value),
        PhysicalType.Int32 => Writer<int>(column, values, value => (int)value),
        PhysicalType.Int64 => Writer<long>(column, values, value => (long)value),
        PhysicalType.Float => Writer<float>(column, values, value => (float)value),
        PhysicalType.Double => Writer<double>(column, values, value => (double)value),
        PhysicalType.ByteArray => Writer<ByteArray>(column, values, value => new ByteArray(Pinned((byte[])value), ((byte[])value).Length)),
        _ => Writer<FixedLenByteArray>(column, values, value => new FixedLenByteArray(Pinned((byte[])value))),
    };

    private static Action<ColumnWriter> Writer<T>(ParquetColumn column, object?[] values, Func<object, T> convert)
        where T : unmanaged
    {
        var typed = values.OfType<object>().Select(convert).ToArray();
        short[] levels = column.Required ? [] : [.. values.Select(value => (short)(value is null ? 0 : 1))];
        var rows = values.Length;
        return writer => ((ColumnWriter<T>)writer).WriteBatch(rows, levels, [], typed);
    }

    // As long as the program lives.
    private static IntPtr Pinned(byte[] bytes)
    {
        var handle = GCHandle.Alloc(bytes, GCHandleType.Pinned);
        return handle.AddrOfPinnedObject();
    }
}
