using LocalAws.Parquet.Columns;
using LocalAws.Replication.Values;

namespace LocalAws.Replication.Files;

/// <summary>Makes the cells of a table's columns.</summary>
internal sealed class ParquetCells(string table, int lobMaxKilobytes, bool millis, ValueIssues issues)
{
    private const int MicrosPerMilli = 1000;

    private delegate bool Parser<T>(ReadOnlySpan<byte> text, out T value);

    public ParquetCell Create(OutputColumn column, ColumnBuffer buffer) => column.Type.Kind switch
    {
        ValueKind.Boolean => new BooleanCell((BooleanColumnBuffer)buffer),
        ValueKind.BooleanText => new BooleanTextCell((BinaryColumnBuffer)buffer),
        ValueKind.Int16 or ValueKind.Int32 => new IntegerCell((PrimitiveColumnBuffer<int>)buffer, this, column),
        ValueKind.Int64 => new LongCell((PrimitiveColumnBuffer<long>)buffer, this, column),
        ValueKind.Float => new ParsedCell<float>((PrimitiveColumnBuffer<float>)buffer, PgText.TrySingle, this, column),
        ValueKind.Double => new ParsedCell<double>((PrimitiveColumnBuffer<double>)buffer, PgText.TryDouble, this, column),
        ValueKind.Date => new ParsedCell<int>((PrimitiveColumnBuffer<int>)buffer, PgText.TryDate, this, column),
        ValueKind.Time => new ParsedCell<int>((PrimitiveColumnBuffer<int>)buffer, TryTimeMillis, this, column),
        ValueKind.Timestamp => new ParsedCell<long>(
            (PrimitiveColumnBuffer<long>)buffer, millis ? TryTimestampMillis : PgText.TryTimestamp, this, column),
        ValueKind.Decimal => new DecimalCell((BinaryColumnBuffer)buffer, this, column),
        ValueKind.Bytes => new BytesCell((BinaryColumnBuffer)buffer, this, column),
        _ => new TextCell((BinaryColumnBuffer)buffer, new TextLimiter(table, column.Name, column.Type, lobMaxKilobytes, issues)),
    };

    private static bool TryTimeMillis(ReadOnlySpan<byte> text, out int millis)
    {
        var parsed = PgText.TryTime(text, out var micros);
        millis = (int)(micros / MicrosPerMilli);
        return parsed;
    }

    private static bool TryTimestampMillis(ReadOnlySpan<byte> text, out long millis)
    {
        var parsed = PgText.TryTimestamp(text, out var micros);
        millis = micros >= 0 ? micros / MicrosPerMilli : -((-micros + MicrosPerMilli - 1) / MicrosPerMilli);
        return parsed;
    }

    private void Unwritable(OutputColumn column, string reason) => issues.Unwritable(table, column.Name, reason);

    private sealed class BooleanCell(BooleanColumnBuffer buffer) : ParquetCell(buffer)
    {
        public override void Append(ReadOnlySpan<byte> text) => buffer.Append(PgText.Boolean(text));
    }

    private sealed class BooleanTextCell(BinaryColumnBuffer buffer) : ParquetCell(buffer)
    {
        public override void Append(ReadOnlySpan<byte> text) => buffer.Append(PgText.Boolean(text) ? "true"u8 : "false"u8);
    }

    private sealed class TextCell(BinaryColumnBuffer buffer, TextLimiter limiter) : ParquetCell(buffer)
    {
        public override void Append(ReadOnlySpan<byte> text) => buffer.Append(limiter.Apply(text));

        public override void AppendText(ReadOnlySpan<byte> text) => buffer.Append(text);
    }

    private sealed class IntegerCell(PrimitiveColumnBuffer<int> buffer, ParquetCells cells, OutputColumn column) : ParquetCell(buffer)
    {
        public override void Append(ReadOnlySpan<byte> text)
        {
            if (PgText.TryInt64(text, out var value) && value is >= int.MinValue and <= int.MaxValue)
            {
                buffer.Append((int)value);
            }
            else
            {
                AppendNull();
                cells.Unwritable(column, "are no integers of 32 bits");
            }
        }
    }

    private sealed class LongCell(PrimitiveColumnBuffer<long> buffer, ParquetCells cells, OutputColumn column) : ParquetCell(buffer)
    {
        public override void Append(ReadOnlySpan<byte> text)
        {
            if (PgText.TryInt64(text, out var value))
            {
                buffer.Append(value);
            }
            else
            {
                AppendNull();
                cells.Unwritable(column, "are no integers");
            }
        }
    }

    private sealed class ParsedCell<T>(PrimitiveColumnBuffer<T> buffer, Parser<T> parser, ParquetCells cells, OutputColumn column)
        : ParquetCell(buffer)
        where T : unmanaged, System.Numerics.INumber<T>, System.Numerics.IMinMaxValue<T>
    {
        public override void Append(ReadOnlySpan<byte> text)
        {
            if (parser(text, out var value))
            {
                buffer.Append(value);
            }
            else
            {
                AppendNull();
                cells.Unwritable(column, $"are no {column.Type.Kind}");
            }
        }
    }

    private sealed class DecimalCell(BinaryColumnBuffer buffer, ParquetCells cells, OutputColumn column) : ParquetCell(buffer)
    {
        private readonly byte[] _value = new byte[buffer.Column.TypeLength];

        public override void Append(ReadOnlySpan<byte> text)
        {
            if (DecimalText.TryWrite(text, column.Type.Precision, column.Type.Scale, _value))
            {
                buffer.Append(_value);
            }
            else
            {
                AppendNull();
                cells.Unwritable(column, $"do not fit DECIMAL({column.Type.Precision},{column.Type.Scale}), or are NaN or infinite,");
            }
        }
    }

    private sealed class BytesCell(BinaryColumnBuffer buffer, ParquetCells cells, OutputColumn column) : ParquetCell(buffer)
    {
        public override void Append(ReadOnlySpan<byte> text)
        {
            // \x and two digits a byte.
            var digits = text[2..];
            var limit = cells.LobBytes;
            if (digits.Length / 2 > limit)
            {
                cells.Truncated(column);
                digits = digits[..(2 * limit)];
            }

            Convert.FromHexString(digits, buffer.Reserve(digits.Length / 2), out _, out _);
        }
    }

    private int LobBytes => lobMaxKilobytes * 1024;

    private void Truncated(OutputColumn column) => issues.Truncated(table, column.Name, $"LobMaxSize = {lobMaxKilobytes} KB");
}
