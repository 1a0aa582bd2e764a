using System.Globalization;
using System.Text;
using LocalAws.Replication.Values;

namespace LocalAws.Replication.Files;

/// <summary>Turns PostgreSQL's text of a value into the text that DMS writes into CSV files.</summary>
/// <param name="row">Where the field goes.</param>
/// <param name="nullValue">What stands for no value.</param>
internal sealed class CsvCell(
    string table, OutputColumn column, int lobMaxKilobytes, ValueIssues issues, CsvText row, byte[] nullValue) : OutputCell
{
    private readonly TextLimiter _limiter = new(table, column.Name, column.Type, lobMaxKilobytes, issues);
    private readonly TimestampText _timestamp = new();
    private byte[] _scratch = new byte[64];

    /// <inheritdoc/>
    public override void Append(ReadOnlySpan<byte> text) => row.Field(Format(text));

    /// <inheritdoc/>
    public override void AppendText(ReadOnlySpan<byte> text) => row.Field(text);

    /// <inheritdoc/>
    public override void AppendNull() => row.Field(nullValue);

    /// <summary>The value's text; it is valid until the next call.</summary>
    private ReadOnlySpan<byte> Format(ReadOnlySpan<byte> text) => column.Type.Kind switch
    {
        ValueKind.Boolean or ValueKind.BooleanText => PgText.Boolean(text) ? "true"u8 : "false"u8,
        ValueKind.Float => Exponential(text, 8),
        ValueKind.Double => Exponential(text, 16),
        ValueKind.Decimal => Decimal(text),
        ValueKind.Bytes => Bytes(text),
        ValueKind.Timestamp => Timestamp(text),
        ValueKind.Text => _limiter.Apply(text),
        _ => text,
    };

    /// <summary>C's <c>%+.8e</c>, of a float4 widened to double: DMS writes 32.38 as <c>+3.23800011e+01</c>.</summary>
    private ReadOnlySpan<byte> Exponential(ReadOnlySpan<byte> text, int decimals)
    {
        double value;
        if (column.Type.Kind == ValueKind.Float)
        {
            PgText.TrySingle(text, out var single);
            value = single;
        }
        else
        {
            PgText.TryDouble(text, out value);
        }

        if (!double.IsFinite(value))
        {
            return text;
        }

        // .NET writes three digits of exponent, C two unless it needs more.
        var written = value.ToString(decimals == 8 ? "e8" : "e16", CultureInfo.InvariantCulture);
        var exponent = written.Length - 3;
        return Scratch((written[0] == '-' ? "" : "+") + (written[exponent] == '0' ? written.Remove(exponent, 1) : written));
    }

    private ReadOnlySpan<byte> Decimal(ReadOnlySpan<byte> text)
    {
        // money comes with a sign and separators.
        var money = text.IndexOfAny((byte)'$', (byte)',') >= 0;
        return money
            ? Scratch(Encoding.ASCII.GetString(text).Replace("$", "", StringComparison.Ordinal).Replace(",", "", StringComparison.Ordinal))
            : text;
    }

    private ReadOnlySpan<byte> Bytes(ReadOnlySpan<byte> text)
    {
        var digits = text[2..];
        var limit = 2 * lobMaxKilobytes * 1024;
        if (digits.Length <= limit)
        {
            return digits;
        }

        issues.Truncated(table, column.Name, $"LobMaxSize = {lobMaxKilobytes} KB");
        return digits[..limit];
    }

    private ReadOnlySpan<byte> Timestamp(ReadOnlySpan<byte> text)
    {
        // Years that the format has no room for stay as PostgreSQL wrote them.
        if (!PgText.TryTimestamp(text, out var micros) || !TimestampText.Holds(micros))
        {
            return text;
        }

        _timestamp.Set(micros);
        return _timestamp.Text;
    }

    private ReadOnlySpan<byte> Scratch(string text)
    {
        if (_scratch.Length < text.Length)
        {
            _scratch = new byte[2 * text.Length];
        }

        return _scratch.AsSpan(0, Encoding.ASCII.GetBytes(text, _scratch));
    }
}
