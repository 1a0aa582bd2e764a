using System.Buffers.Binary;

namespace LocalAws.Replication.Values;

/// <summary>Turns the text of a numeric into the bytes of a Parquet DECIMAL.</summary>
internal static class DecimalText
{
    /// <summary>
    /// Writes the number with <paramref name="scale"/> decimals, further ones cut off, as big-endian two's complement.
    /// False for NaN, infinities and what has more digits than <paramref name="precision"/>: a DECIMAL cannot say them.
    /// </summary>
    public static bool TryWrite(ReadOnlySpan<byte> text, int precision, int scale, Span<byte> target)
    {
        Int128 value = 0;
        var digits = 0;
        var decimals = -1;
        var negative = false;
        foreach (var character in text)
        {
            var digit = (uint)(character - '0');
            if (digit <= 9)
            {
                if (decimals == scale)
                {
                    continue;
                }

                digits += digits > 0 || digit > 0 ? 1 : 0;
                decimals += decimals >= 0 ? 1 : 0;
                if (digits > precision)
                {
                    return false;
                }

                value = (value * 10) + digit;
            }
            else if (character == '.')
            {
                decimals = 0;
            }
            else if (character is (byte)'-' or (byte)'(')
            {
                negative = true;
            }
            else if (character is not ((byte)'$' or (byte)',' or (byte)')'))
            {
                // Signs and separators above are those of money; anything else is NaN or Infinity.
                return false;
            }
        }

        for (var missing = scale - Math.Max(decimals, 0); missing > 0; missing--)
        {
            digits += digits > 0 ? 1 : 0;
            if (digits > precision)
            {
                return false;
            }

            value *= 10;
        }

        Span<byte> wide = stackalloc byte[16];
        BinaryPrimitives.WriteInt128BigEndian(wide, negative ? -value : value);
        wide[^target.Length..].CopyTo(target);
        return true;
    }
}
