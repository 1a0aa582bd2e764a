using System.Globalization;

namespace LocalAws.Replication.Values;

/// <summary>
/// Parses PostgreSQL's text output, as it is with DateStyle ISO, TimeZone UTC and bytea_output hex: the form in which both COPY
/// and test_decoding hand values over, so that a row is the same whichever way it came.
/// </summary>
internal static class PgText
{
    private const long MicrosPerDay = 86_400_000_000;

    // The limits that DMS gives to the infinities: 9999-12-31 23:59:59 and 4713-01-01 00:00:00 BC.
    private static readonly long LatestMicros = (DaysFromCivil(9999, 12, 31) * MicrosPerDay) + (86_399 * 1_000_000L);
    private static readonly long EarliestMicros = DaysFromCivil(-4712, 1, 1) * MicrosPerDay;

    public static bool TryInt64(ReadOnlySpan<byte> text, out long value)
    {
        value = 0;
        var negative = text.Length > 0 && text[0] == '-';
        var digits = negative ? text[1..] : text;
        if (digits.Length is 0 or > 18)
        {
            return long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out value);
        }

        foreach (var character in digits)
        {
            var digit = (uint)(character - '0');
            if (digit > 9)
            {
                return false;
            }

            value = (value * 10) + digit;
        }

        value = negative ? -value : value;
        return true;
    }

    public static bool TryDouble(ReadOnlySpan<byte> text, out double value) =>
        double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out value);

    public static bool TrySingle(ReadOnlySpan<byte> text, out float value) =>
        float.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out value);

    public static bool Boolean(ReadOnlySpan<byte> text) => text.Length > 0 && text[0] == 't';

    /// <summary>Days since 1970-01-01.</summary>
    public static bool TryDate(ReadOnlySpan<byte> text, out int days)
    {
        if (TryInfinity(text, out var micros))
        {
            days = (int)Math.DivRem(micros, MicrosPerDay, out _);
            return true;
        }

        var beforeChrist = TrimEra(ref text);
        var parsed = TryDatePart(text, beforeChrist, out var result, out var used) && used == text.Length;
        days = (int)result;
        return parsed;
    }

    /// <summary>Microseconds since 1970-01-01, of timestamp and (in UTC) timestamptz.</summary>
    public static bool TryTimestamp(ReadOnlySpan<byte> text, out long micros)
    {
        if (TryInfinity(text, out micros))
        {
            return true;
        }

        var beforeChrist = TrimEra(ref text);
        if (!TryDatePart(text, beforeChrist, out var days, out var used) || used >= text.Length || text[used] != ' ')
        {
            return false;
        }

        if (!TryTime(text[(used + 1)..], out var time))
        {
            return false;
        }

        micros = (days * MicrosPerDay) + time;
        return true;
    }

    /// <summary>Microseconds since midnight, of time and timetz; an offset from UTC is taken off.</summary>
    public static bool TryTime(ReadOnlySpan<byte> text, out long micros)
    {
        micros = 0;
        if (text.Length < 8 || text[2] != ':' || text[5] != ':'
            || !TryTwo(text, out var hours) || !TryTwo(text[3..], out var minutes) || !TryTwo(text[6..], out var seconds))
        {
            return false;
        }

        var position = 8;
        long fraction = 0;
        if (position < text.Length && text[position] == '.')
        {
            var scale = 100_000;
            for (position++; position < text.Length && (uint)(text[position] - '0') <= 9; position++, scale /= 10)
            {
                fraction += (text[position] - '0') * scale;
            }
        }

        if (!TryOffset(text[position..], out var offset))
        {
            return false;
        }

        micros = (((((hours * 60L) + minutes) * 60) + seconds - offset) * 1_000_000) + fraction;
        return true;
    }

    private static bool TryOffset(ReadOnlySpan<byte> text, out int seconds)
    {
        seconds = 0;
        if (text.IsEmpty)
        {
            return true;
        }

        var sign = text[0] == '-' ? -1 : 1;
        var unit = 3600;
        for (var position = 1; position + 1 < text.Length; position += 3, unit /= 60)
        {
            if (!TryTwo(text[position..], out var part))
            {
                return false;
            }

            seconds += sign * part * unit;
        }

        return text[0] is (byte)'+' or (byte)'-';
    }

    /// <summary>Days since 1970-01-01 of a proleptic Gregorian date; the year before 1 is 0.</summary>
    public static long DaysFromCivil(long year, int month, int day)
    {
        year -= month <= 2 ? 1 : 0;
        var era = (year >= 0 ? year : year - 399) / 400;
        var yearOfEra = year - (era * 400);
        var dayOfYear = (((153 * (month + (month > 2 ? -3 : 9))) + 2) / 5) + day - 1;
        var dayOfEra = (yearOfEra * 365) + (yearOfEra / 4) - (yearOfEra / 100) + dayOfYear;
        return (era * 146_097) + dayOfEra - 719_468;
    }

    private static bool TryInfinity(ReadOnlySpan<byte> text, out long micros)
    {
        micros = text.SequenceEqual("infinity"u8) ? LatestMicros : EarliestMicros;
        return text.SequenceEqual("infinity"u8) || text.SequenceEqual("-infinity"u8);
    }

    private static bool TrimEra(ref ReadOnlySpan<byte> text)
    {
        if (!text.EndsWith(" BC"u8))
        {
            return false;
        }

        text = text[..^3];
        return true;
    }

    private static bool TryDatePart(ReadOnlySpan<byte> text, bool beforeChrist, out long days, out int used)
    {
        days = 0;
        used = text.IndexOf((byte)'-');
        if (used < 4 || text.Length < used + 6 || text[used + 3] != '-' || !TryInt64(text[..used], out var year)
            || !TryTwo(text[(used + 1)..], out var month) || !TryTwo(text[(used + 4)..], out var day))
        {
            return false;
        }

        days = DaysFromCivil(beforeChrist ? 1 - year : year, month, day);
        used += 6;
        return true;
    }

    private static bool TryTwo(ReadOnlySpan<byte> text, out int value)
    {
        var tens = (uint)(text[0] - '0');
        var ones = (uint)(text[1] - '0');
        value = (int)((tens * 10) + ones);
        return tens <= 9 && ones <= 9;
    }
}
