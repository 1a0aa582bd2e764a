using LocalAws.Replication.Source;

namespace LocalAws.Replication.Values;

/// <summary>
/// How much of a value the engine has to read: what lies beyond is cut while it streams, so that no value fills the memory.
/// </summary>
internal static class ValueLimit
{
    /// <summary>Characters of the longest char and varchar that PostgreSQL can declare.</summary>
    public const int LongestText = 10_485_760;

    // One UTF-16 unit is three bytes of UTF-8 at most; a character is four.
    private const int BytesAUnit = 3;
    private const int BytesACharacter = 4;

    // numeric has 131,072 digits and 16,383 decimals at most; dates and the like are shorter.
    private const int LongestNumber = 150_000;

    // \x in front of the digits; one more value than is kept, which tells that something was cut.
    private const int Slack = 8;

    /// <summary>Bytes that have to be read of a value of any LOB type.</summary>
    public static int Lob(int lobMaxKilobytes) =>
        (int)Math.Min((Math.Max(BytesAUnit * 512L, 2L * 1024) * lobMaxKilobytes) + Slack, Array.MaxLength / 2);

    /// <summary>Bytes of a value's text that have to be read: more than are kept, where more than that is cut.</summary>
    public static int Bytes(PgType type, ColumnType column, int lobMaxKilobytes)
    {
        var bytes = column switch
        {
            { Kind: not (ValueKind.Text or ValueKind.Bytes) } => LongestNumber,
            { Kind: ValueKind.Bytes } => 2L * 1024 * lobMaxKilobytes,
            { IsLob: true } => BytesAUnit * 512L * lobMaxKilobytes,
            { MaxCharacters: > 0 } => (long)BytesAUnit * column.MaxCharacters,
            _ when type.Oid == PgOids.Numeric => LongestNumber,
            _ => (long)BytesACharacter * (type.Length > 0 ? type.Length : LongestText),
        };
        return (int)Math.Min(bytes + Slack, Array.MaxLength / 2);
    }
}
