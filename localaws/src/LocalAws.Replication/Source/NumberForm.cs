namespace LocalAws.Replication.Source;

/// <summary>
/// How the numbers of a type are printed. The log tells a type's name and not its digits, so a number tells when they were others.
/// </summary>
/// <param name="Decimals">Decimals of every number; -1 where the type does not fix them.</param>
/// <param name="IntegerDigits">The most digits before the point, leading zeros not counted.</param>
internal readonly record struct NumberForm(int Decimals, int IntegerDigits)
{
    /// <summary>Whether a number of this type could be printed so.</summary>
    public bool Prints(ReadOnlySpan<byte> number)
    {
        if (Decimals < 0 || number.IsEmpty || !char.IsAsciiDigit((char)number[^1]))
        {
            // Any number, NaN, infinities.
            return true;
        }

        var point = number.LastIndexOf((byte)'.');
        var before = (point < 0 ? number : number[..point]).TrimStart("-0"u8);
        return (point < 0 ? 0 : number.Length - point - 1) == Decimals && before.Length <= IntegerDigits;
    }
}
