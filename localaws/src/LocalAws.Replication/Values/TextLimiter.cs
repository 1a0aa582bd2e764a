namespace LocalAws.Replication.Values;

/// <summary>Trims and cuts the text of one column as its type asks.</summary>
internal sealed class TextLimiter(string table, string column, ColumnType type, int lobMaxKilobytes, ValueIssues issues)
{
    // DMS counts a character of an NCLOB as two bytes, one outside the basic plane as four: UTF-16.
    private readonly int _maxUnits = type.IsLob ? lobMaxKilobytes * 1024 / 2 : type.MaxCharacters;

    public ReadOnlySpan<byte> Apply(ReadOnlySpan<byte> text)
    {
        if (type.TrimBlanks)
        {
            text = text.TrimEnd((byte)' ');
        }

        text = Limit(text);
        issues.Check(table, column, text);
        return text;
    }

    private ReadOnlySpan<byte> Limit(ReadOnlySpan<byte> text)
    {
        // A character never has more UTF-16 units than UTF-8 bytes: most texts need no counting.
        return _maxUnits == 0 || text.Length <= _maxUnits ? text : Cut(text);
    }

    private ReadOnlySpan<byte> Cut(ReadOnlySpan<byte> text)
    {
        var units = 0;
        for (var i = 0; i < text.Length; i++)
        {
            // The first byte tells how many units follow; continuation bytes add none.
            units += (text[i] & 0xC0) == 0x80 ? 0 : text[i] >= 0xF0 ? 2 : 1;
            if (units > _maxUnits)
            {
                issues.Truncated(table, column, type.IsLob ? $"LobMaxSize = {lobMaxKilobytes} KB" : $"{_maxUnits} characters");
                return text[..i];
            }
        }

        return text;
    }
}
