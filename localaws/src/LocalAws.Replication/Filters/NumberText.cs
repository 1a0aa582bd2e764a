using System.Globalization;

namespace LocalAws.Replication.Filters;

/// <summary>
/// Compares numbers of any size and precision by their text, as PostgreSQL orders them: NaN is the largest and equals itself. Money's
/// sign and separators are passed over.
/// </summary>
internal static class NumberText
{
    /// <summary>Whether the text is a number, NaN or an infinity.</summary>
    public static bool IsNumber(ReadOnlySpan<byte> text) => Parse(text).Kind != Kind.None;

    /// <summary>Less than zero, zero, or more.</summary>
    public static int Compare(ReadOnlySpan<byte> left, ReadOnlySpan<byte> right)
    {
        var (a, b) = (Parse(left), Parse(right));
        if (a.Kind != b.Kind)
        {
            return a.Kind.CompareTo(b.Kind);
        }

        return a.Kind switch
        {
            Kind.Negative => -CompareMagnitudes(left, a, right, b),
            Kind.Positive => CompareMagnitudes(left, a, right, b),
            _ => 0,
        };
    }

    // In the order of their sizes.
    private enum Kind
    {
        None,
        NegativeInfinity,
        Negative,
        Zero,
        Positive,
        PositiveInfinity,
        NaN,
    }

    /// <param name="Kind">Sign, or what it is instead of a number.</param>
    /// <param name="First">Where the first digit that counts is.</param>
    /// <param name="End">Behind the last digit, before an exponent.</param>
    /// <param name="Exponent">Power of ten of the first digit.</param>
    private readonly record struct Number(Kind Kind, int First, int End, long Exponent);

    private static Number Parse(ReadOnlySpan<byte> text)
    {
        if (text.SequenceEqual("NaN"u8))
        {
            return new Number(Kind.NaN, 0, 0, 0);
        }

        if (text.SequenceEqual("Infinity"u8))
        {
            return new Number(Kind.PositiveInfinity, 0, 0, 0);
        }

        if (text.SequenceEqual("-Infinity"u8))
        {
            return new Number(Kind.NegativeInfinity, 0, 0, 0);
        }

        var end = text.IndexOfAny((byte)'e', (byte)'E');
        long exponent = 0;
        if (end >= 0 && !long.TryParse(text[(end + 1)..], NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out exponent))
        {
            return default;
        }

        end = end < 0 ? text.Length : end;
        var (negative, digits, first, whole, point) = (false, 0, -1, 0L, false);
        for (var i = 0; i < end; i++)
        {
            switch (text[i])
            {
                case >= (byte)'0' and <= (byte)'9':
                    digits++;
                    first = first < 0 && text[i] != '0' ? i : first;
                    // Digits before the point count up from the first that is not zero, zeros behind it count down.
                    whole += point ? (first < 0 ? -1 : 0) : first < 0 ? 0 : 1;
                    break;
                case (byte)'.' when !point:
                    point = true;
                    break;
                case (byte)'-' or (byte)'(' when digits == 0 && !negative:
                    negative = true;
                    break;
                case (byte)'+' or (byte)'$' or (byte)' ' when digits == 0:
                case (byte)',' or (byte)')' when digits > 0:
                    break;
                default:
                    return default;
            }
        }

        if (digits == 0)
        {
            return default;
        }

        return first < 0 ? new Number(Kind.Zero, 0, 0, 0) : new Number(
            negative ? Kind.Negative : Kind.Positive, first, end, whole + exponent);
    }

    private static int CompareMagnitudes(ReadOnlySpan<byte> left, Number a, ReadOnlySpan<byte> right, Number b)
    {
        if (a.Exponent != b.Exponent)
        {
            return a.Exponent.CompareTo(b.Exponent);
        }

        var (i, j) = (a.First, b.First);
        while (true)
        {
            i = NextDigit(left, i, a.End);
            j = NextDigit(right, j, b.End);
            if (i >= a.End && j >= b.End)
            {
                return 0;
            }

            var difference = (i < a.End ? left[i] : '0') - (j < b.End ? right[j] : '0');
            if (difference != 0)
            {
                return difference;
            }

            (i, j) = (i + 1, j + 1);
        }
    }

    private static int NextDigit(ReadOnlySpan<byte> text, int position, int end)
    {
        while (position < end && !char.IsAsciiDigit((char)text[position]))
        {
            position++;
        }

        return position;
    }
}
