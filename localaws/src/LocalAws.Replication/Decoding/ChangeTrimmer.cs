namespace LocalAws.Replication.Decoding;

/// <summary>
/// Takes the text of a change piece by piece and keeps of every quoted value only as much as is wanted, so that a change of any size
/// needs no more memory than its columns may have.
/// </summary>
/// <param name="limit">Bytes that are wanted of a value at most.</param>
/// <param name="target">Takes what is kept.</param>
internal sealed class ChangeTrimmer(int limit, DecodedTransaction target)
{
    private enum Place
    {
        Outside,
        Identifier,
        Value,

        // Behind a quote in a value: it ends the value, or is the first of two that stand for one.
        Quote,
    }

    private Place _place;
    private int _valueLength;

    /// <summary>Takes the next piece.</summary>
    public void Add(ReadOnlySpan<byte> piece)
    {
        while (!piece.IsEmpty)
        {
            var used = _place switch
            {
                Place.Outside => Outside(piece),
                Place.Identifier => Identifier(piece),
                Place.Value => Value(piece),
                _ => Quote(piece),
            };
            piece = piece[used..];
        }
    }

    private int Outside(ReadOnlySpan<byte> piece)
    {
        var quote = piece.IndexOfAny((byte)'\'', (byte)'"');
        if (quote < 0)
        {
            target.Append(piece);
            return piece.Length;
        }

        target.Append(piece[..(quote + 1)]);
        _place = piece[quote] == '"' ? Place.Identifier : Place.Value;
        _valueLength = 0;
        return quote + 1;
    }

    private int Identifier(ReadOnlySpan<byte> piece)
    {
        var quote = piece.IndexOf((byte)'"');
        var used = quote < 0 ? piece.Length : quote + 1;
        target.Append(piece[..used]);
        _place = quote < 0 ? Place.Identifier : Place.Outside;
        return used;
    }

    private int Value(ReadOnlySpan<byte> piece)
    {
        var quote = piece.IndexOf((byte)'\'');
        var content = quote < 0 ? piece.Length : quote;
        var wanted = Math.Min(content, limit - _valueLength);
        target.Append(piece[..wanted]);
        _valueLength += wanted;
        if (quote < 0)
        {
            return content;
        }

        _place = Place.Quote;
        return content + 1;
    }

    private int Quote(ReadOnlySpan<byte> piece)
    {
        if (piece[0] != '\'')
        {
            target.Append("'"u8);
            _place = Place.Outside;
            return 0;
        }

        _place = Place.Value;
        if (_valueLength < limit)
        {
            target.Append("''"u8);
            _valueLength++;
        }

        return 1;
    }

    /// <summary>The change is whole: what ended with it is kept too.</summary>
    public void Complete()
    {
        if (_place == Place.Quote)
        {
            target.Append("'"u8);
            _place = Place.Outside;
        }
    }
}
