using System.Numerics;
using LocalAws.Parquet;
using LocalAws.Parquet.Columns;

namespace Cdc.ParquetBenchmark;

/// <summary>The writer of this repository.</summary>
internal sealed class OwnWriter(Table table) : ITableWriter
{
    private readonly Action<ColumnBuffer>[] _appenders = [.. table.Columns.Zip(table.Values, Appender)];

    /// <inheritdoc/>
    public Task WriteAsync(Stream output, int groups, EncodingType encoding)
    {
        var options = new ParquetWriterOptions
        {
            Encoding = encoding,
            Version = ParquetVersion.Version2,
            RowGroupLength = table.Rows,
        };
        var writer = new ParquetFileWriter(output, table.Columns, options);
        for (var group = 0; group < groups; group++)
        {
            for (var column = 0; column < _appenders.Length; column++)
            {
                _appenders[column](writer.Columns[column]);
            }

            for (var row = 0; row < table.Rows; row++)
            {
                writer.EndRow();
            }
        }

        writer.Complete();
        return Task.CompletedTask;
    }

    private static Action<ColumnBuffer> Appender(ParquetColumn column, object?[] values) => column.Type switch
    {
        PhysicalType.Boolean => Booleans(values),
        PhysicalType.Int32 => Numbers<int>(values),
        PhysicalType.Int64 => Numbers<long>(values),
        PhysicalType.Float => Numbers<float>(values),
        PhysicalType.Double => Numbers<double>(values),
        _ => Binaries(values),
    };

    private static Action<ColumnBuffer> Booleans(object?[] values)
    {
        var typed = values.Select(value => (bool?)value).ToArray();
        return buffer =>
        {
            var target = (BooleanColumnBuffer)buffer;
            foreach (var value in typed)
            {
                if (value is { } present)
                {
                    target.Append(present);
                }
                else
                {
                    target.AppendNull();
                }
            }
        };
    }

    private static Action<ColumnBuffer> Numbers<T>(object?[] values)
        where T : unmanaged, INumber<T>, IMinMaxValue<T>
    {
        var typed = values.Select(value => (T?)value).ToArray();
        return buffer =>
        {
            var target = (PrimitiveColumnBuffer<T>)buffer;
            foreach (var value in typed)
            {
                if (value is { } present)
                {
                    target.Append(present);
                }
                else
                {
                    target.AppendNull();
                }
            }
        };
    }

    private static Action<ColumnBuffer> Binaries(object?[] values)
    {
        var typed = values.Select(value => (byte[]?)value).ToArray();
        return buffer =>
        {
            var target = (BinaryColumnBuffer)buffer;
            foreach (var value in typed)
            {
                if (value is not null)
                {
                    target.Append(value);
                }
                else
                {
                    target.AppendNull();
                }
            }
        };
    }
}
