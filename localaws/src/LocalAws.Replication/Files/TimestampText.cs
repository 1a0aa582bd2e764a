using LocalAws.Replication.Values;

namespace LocalAws.Replication.Files;

/// <summary>A moment as <c>yyyy-MM-dd HH:mm:ss.SSSSSS</c> (UTC). Setting it again within the same second writes six digits only.</summary>
internal sealed class TimestampText
{
    private const int Length = 26;
    private const int Second = 20;
    private const long MicrosPerDay = 86_400_000_000;

    private static readonly long Earliest = PgText.DaysFromCivil(1, 1, 1) * MicrosPerDay;
    private static readonly long End = PgText.DaysFromCivil(10_000, 1, 1) * MicrosPerDay;

    private readonly byte[] _text = new byte[Length];
    private long _second = long.MinValue;

    /// <summary>Microseconds since 1970-01-01.</summary>
    public long Micros { get; private set; }

    public ReadOnlySpan<byte> Text => _text;

    /// <summary>Whether the form has room for the moment: its years have four digits.</summary>
    public static bool Holds(long micros) => micros >= Earliest && micros < End;

    public void Set(long micros)
    {
        Micros = micros;
        var second = Math.DivRem(micros, 1_000_000, out var fraction);
        if (fraction < 0)
        {
            second--;
            fraction += 1_000_000;
        }

        if (second != _second)
        {
            DateTime.UnixEpoch.AddSeconds(second).TryFormat(
                _text, out _, "yyyy-MM-dd HH:mm:ss", System.Globalization.CultureInfo.InvariantCulture);
            _text[Second - 1] = (byte)'.';
            _second = second;
        }

        for (var i = Length - 1; i >= Second; i--)
        {
            fraction = Math.DivRem(fraction, 10, out var digit);
            _text[i] = (byte)('0' + digit);
        }
    }

    /// <summary>Writes the leading digits without separators: 16 of them reach to the hundredth of a second.</summary>
    public void WriteDigits(Span<byte> target)
    {
        var written = 0;
        for (var i = 0; written < target.Length; i++)
        {
            if ((uint)(_text[i] - '0') <= 9)
            {
                target[written++] = _text[i];
            }
        }
    }
}
