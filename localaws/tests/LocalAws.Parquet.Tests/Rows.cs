using LocalAws.Parquet.Columns;

namespace LocalAws.Parquet.Tests;

/// <summary>Writes values that a test has as objects.</summary>
internal static class Rows
{
    /// <summary>Appends a value to its column.</summary>
    /// <param name="buffer">The column.</param>
    /// <param name="value">The value, or null.</param>
    public static void Append(ColumnBuffer buffer, object? value)
    {
        switch (buffer, value)
        {
            case (_, null):
                buffer.AppendNull();
                break;
            case (BooleanColumnBuffer booleans, bool boolean):
                booleans.Append(boolean);
                break;
            case (PrimitiveColumnBuffer<int> integers, int integer):
                integers.Append(integer);
                break;
            case (PrimitiveColumnBuffer<long> longs, long number):
                longs.Append(number);
                break;
            case (PrimitiveColumnBuffer<float> floats, float single):
                floats.Append(single);
                break;
            case (PrimitiveColumnBuffer<double> doubles, double real):
                doubles.Append(real);
                break;
            case (BinaryColumnBuffer binaries, byte[] bytes):
                binaries.Append(bytes);
                break;
            default:
                throw new ArgumentException($"{value.GetType()} does not go into '{buffer.Column.Name}'.");
        }
    }

    /// <summary>Writes a file.</summary>
    /// <param name="columns">Its columns.</param>
    /// <param name="rows">Its rows.</param>
    /// <param name="options">Its settings.</param>
    public static byte[] Write(IReadOnlyList<ParquetColumn> columns, IEnumerable<object?[]> rows, ParquetWriterOptions options)
    {
        using var stream = new MemoryStream();
        var writer = new ParquetFileWriter(stream, columns, options);
        foreach (var row in rows)
        {
            for (var i = 0; i < columns.Count; i++)
            {
                Append(writer.Columns[i], row[i]);
            }

            writer.EndRow();
        }

        writer.Complete();
        return stream.ToArray();
    }
}
