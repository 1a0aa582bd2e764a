namespace LocalAws.Services.Events.Patterns;

/// <summary>Text with <c>*</c> for any number of characters; <c>\*</c> and <c>\\</c> stand for themselves.</summary>
internal static class WildcardText
{
    /// <summary>A test for the text.</summary>
    /// <exception cref="EventPatternException">Two stars follow each other, or the escape is of something else.</exception>
    public static Func<string, bool> Test(string wildcard, string field)
    {
        // The literal pieces between the stars.
        var pieces = new List<string>();
        var piece = new System.Text.StringBuilder();
        for (var index = 0; index < wildcard.Length; index++)
        {
            switch (wildcard[index])
            {
                case '*' when index > 0 && wildcard[index - 1] == '*' && piece.Length == 0:
                    throw new EventPatternException($"Consecutive wildcard characters at {field}.");
                case '*':
                    pieces.Add(piece.ToString());
                    piece.Clear();
                    break;
                case '\\' when index + 1 < wildcard.Length && wildcard[index + 1] is '*' or '\\':
                    piece.Append(wildcard[++index]);
                    break;
                case '\\':
                    throw new EventPatternException($"Invalid escape character at {field}: only \\* and \\\\ are escapes.");
                default:
                    piece.Append(wildcard[index]);
                    break;
            }
        }

        pieces.Add(piece.ToString());
        return text => Matches(pieces, text);
    }

    private static bool Matches(List<string> pieces, string text)
    {
        if (pieces.Count == 1)
        {
            return text == pieces[0];
        }

        if (!text.StartsWith(pieces[0], StringComparison.Ordinal))
        {
            return false;
        }

        var at = pieces[0].Length;
        foreach (var piece in pieces.Skip(1).SkipLast(1))
        {
            // The earliest place is as good as any: what follows has the most room then.
            var found = text.IndexOf(piece, at, StringComparison.Ordinal);
            if (found < 0)
            {
                return false;
            }

            at = found + piece.Length;
        }

        return text.Length - at >= pieces[^1].Length && text.EndsWith(pieces[^1], StringComparison.Ordinal);
    }
}
