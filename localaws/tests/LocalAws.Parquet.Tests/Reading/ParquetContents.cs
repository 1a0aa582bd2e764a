using System.Runtime.InteropServices;
using ParquetSharp;

namespace LocalAws.Parquet.Tests.Reading;

/// <summary>The columns and values of a Parquet file, read by ParquetSharp, which is Apache's C++ library: no line is shared with the writer.</summary>
internal sealed class ParquetContents
{
    private ParquetContents(IReadOnlyList<LeafColumn> columns, IReadOnlyList<int> groupRows)
    {
        Columns = columns;
        GroupRows = groupRows;
    }

    /// <summary>The columns, in the schema's order.</summary>
    public IReadOnlyList<LeafColumn> Columns { get; }

    /// <summary>Rows of each row group.</summary>
    public IReadOnlyList<int> GroupRows { get; }

    /// <summary>Rows of the file.</summary>
    public int Rows => GroupRows.Sum();

    /// <summary>The column of a name.</summary>
    /// <param name="name">The name.</param>
    public LeafColumn this[string name] => Columns.Single(column => column.Name == name);

    /// <summary>Reads a file.</summary>
    /// <param name="file">Its bytes.</param>
    public static ParquetContents Read(byte[] file)
    {
        using var reader = new ParquetFileReader(new MemoryStream(file));
        using var metadata = reader.FileMetaData;
        var columns = Enumerable.Range(0, metadata.NumColumns).Select(i => Column(metadata.Schema.Column(i))).ToList();
        var groupRows = new List<int>();
        for (var number = 0; number < metadata.NumRowGroups; number++)
        {
            using var group = reader.RowGroup(number);
            groupRows.Add((int)group.MetaData.NumRows);
            for (var i = 0; i < columns.Count; i++)
            {
                using var chunk = group.Column(i);
                ReadChunk(chunk, columns[i], groupRows[^1]);
            }
        }

        return metadata.NumRows == groupRows.Sum()
            ? new ParquetContents(columns, groupRows)
            : throw new InvalidDataException($"The file has {metadata.NumRows} rows and its row groups {groupRows.Sum()}.");
    }

    private static LeafColumn Column(ColumnDescriptor column)
    {
        using var node = column.SchemaNode;
        return new LeafColumn(
            column.Name,
            column.PhysicalType,
            node.ConvertedType,
            node.Repetition == Repetition.Required,
            column.TypeLength,
            column.TypePrecision,
            column.TypeScale);
    }

    private static void ReadChunk(ColumnReader chunk, LeafColumn column, int rows)
    {
        switch (chunk)
        {
            case ColumnReader<bool> booleans:
                ReadPages(booleans, column, rows, value => value);
                break;
            case ColumnReader<int> integers:
                ReadPages(integers, column, rows, value => value);
                break;
            case ColumnReader<long> longs:
                ReadPages(longs, column, rows, value => value);
                break;
            case ColumnReader<float> floats:
                ReadPages(floats, column, rows, value => value);
                break;
            case ColumnReader<double> doubles:
                ReadPages(doubles, column, rows, value => value);
                break;
            case ColumnReader<ByteArray> binaries:
                ReadPages(binaries, column, rows, value => Copy(value.Pointer, value.Length));
                break;
            case ColumnReader<FixedLenByteArray> decimals:
                ReadPages(decimals, column, rows, value => Copy(value.Pointer, column.Length));
                break;
            default:
                throw new InvalidDataException($"Column '{column.Name}' is of type {column.Type}, which DMS does not write.");
        }
    }

    /// <summary>A batch never reaches beyond its page, so that each is one.</summary>
    private static void ReadPages<T>(ColumnReader<T> chunk, LeafColumn column, int rows, Func<T, object> value)
        where T : unmanaged
    {
        var levels = new short[column.Required ? 0 : rows];
        var values = new T[rows];
        var done = 0;
        while (chunk.HasNext)
        {
            var page = (int)chunk.ReadBatch(rows, levels, [], values, out var valuesRead);
            var next = 0;
            for (var row = 0; row < page; row++)
            {
                column.Values.Add(column.Required || levels[row] == 1 ? value(values[next++]) : null);
            }

            if (next != valuesRead)
            {
                throw new InvalidDataException($"A page of '{column.Name}' has {valuesRead} values, by its levels {next}.");
            }

            column.PageRows.Add(page);
            done += page;
        }

        if (done != rows)
        {
            throw new InvalidDataException($"Column '{column.Name}' has {done} rows in a row group of {rows}.");
        }
    }

    private static byte[] Copy(IntPtr pointer, int length)
    {
        var bytes = new byte[length];
        if (length > 0)
        {
            Marshal.Copy(pointer, bytes, 0, length);
        }

        return bytes;
    }
}
