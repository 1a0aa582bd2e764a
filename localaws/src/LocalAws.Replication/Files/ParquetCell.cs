using LocalAws.Parquet.Columns;

namespace LocalAws.Replication.Files;

/// <summary>Puts PostgreSQL's text of a value into a column's buffer.</summary>
internal abstract class ParquetCell(ColumnBuffer buffer)
{
    /// <summary>Appends a value from its text.</summary>
    public abstract void Append(ReadOnlySpan<byte> text);

    /// <summary>Appends bytes as they are; only a column of bytes can.</summary>
    public virtual void AppendBytes(ReadOnlySpan<byte> bytes) => throw new NotSupportedException();

    public void AppendNull() => buffer.AppendNull();
}
