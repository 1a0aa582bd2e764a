using System.Globalization;

namespace Cdc.Harness.Comparison;

/// <summary>
/// Brings a value to one spelling, from PostgreSQL's text and from Athena's: a number by its value, a time to the microsecond in UTC. The
/// value is parsed as its type says, so that two values are equal only if the typed values are.
/// </summary>
public static class CanonicalValue
{
    private static readonly string[] Times =
        ["yyyy-MM-dd HH:mm:ss.FFFFFFF", "yyyy-MM-dd HH:mm:ss.FFFFFFFzz", "yyyy-MM-dd HH:mm:ss.FFFFFFFzzz"];

    /// <exception cref="FormatException">The text is no value of that type; the message shows it.</exception>
    public static string? Of(string? text, string type)
    {
        if (text is null)
        {
            return null;
        }

        try
        {
            return type.Split('(')[0] switch
            {
                "smallint" or "integer" or "bigint" => long.Parse(
                    text, CultureInfo.InvariantCulture).ToString(CultureInfo.InvariantCulture),
                "numeric" => Numeric(text),
                // The number that was meant, whatever the digits that say it.
                "real" => float.Parse(text, CultureInfo.InvariantCulture).ToString("R", CultureInfo.InvariantCulture),
                "double precision" => double.Parse(text, CultureInfo.InvariantCulture).ToString("R", CultureInfo.InvariantCulture),
                "boolean" => text is "t" or "true" ? "true" : text is "f" or "false" ? "false" : throw new FormatException(),
                "date" => DateOnly.ParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture).ToString("O", CultureInfo.InvariantCulture),
                "timestamp without time zone" or "timestamp with time zone" => Time(text),
                // DMS cuts the blanks that fill a char(n).
                "character" => text.TrimEnd(' '),
                _ => text,
            };
        }
        catch (FormatException)
        {
            throw new FormatException($"'{text}' is no {type}.");
        }
    }

    private static string Numeric(string text)
    {
        var value = decimal.Parse(text, NumberStyles.Float, CultureInfo.InvariantCulture);
        return value == 0 ? "0" : value.ToString("0.############################", CultureInfo.InvariantCulture);
    }

    private static string Time(string text) =>
        DateTimeOffset.ParseExact(
            text.EndsWith(" UTC", StringComparison.Ordinal) ? text[..^4] : text,
            Times,
            CultureInfo.InvariantCulture,
            DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal)
            .ToString("yyyy-MM-dd HH:mm:ss.ffffff", CultureInfo.InvariantCulture);
}
