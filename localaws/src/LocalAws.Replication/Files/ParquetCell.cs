using LocalAws.Parquet.Columns;

namespace LocalAws.Replication.Files;

/// <summary>Puts values into a column's buffer.</summary>
internal abstract class ParquetCell(ColumnBuffer buffer) : OutputCell
{
    /// <inheritdoc/>
    public override void AppendText(ReadOnlySpan<byte> text) => throw new NotSupportedException();

    /// <inheritdoc/>
    public override void AppendNull() => buffer.AppendNull();
}
