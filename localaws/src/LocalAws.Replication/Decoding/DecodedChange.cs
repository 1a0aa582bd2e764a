namespace LocalAws.Replication.Decoding;

/// <summary>A change of a captured table, where it lies in a transaction's buffer.</summary>
/// <param name="Table">Number of the table among the captured ones.</param>
/// <param name="Buffer">The bytes: <c>INSERT: id[integer]:1 …</c>.</param>
/// <param name="Start">Where the change begins.</param>
/// <param name="Length">Its length.</param>
internal readonly record struct DecodedChange(int Table, byte[] Buffer, int Start, int Length)
{
    private static readonly byte[] Insert = "INSERT:"u8.ToArray();
    private static readonly byte[] Update = "UPDATE:"u8.ToArray();
    private static readonly byte[] Delete = "DELETE:"u8.ToArray();

    /// <summary>I, U, D; 0 for what is no change of a row, such as TRUNCATE.</summary>
    public byte Operation
    {
        get
        {
            var text = Buffer.AsSpan(Start, Length);
            return text.StartsWith(Insert) ? (byte)'I'
                : text.StartsWith(Update) ? (byte)'U'
                : text.StartsWith(Delete) ? (byte)'D'
                : (byte)0;
        }
    }

    /// <summary>The columns; for a change of a row.</summary>
    public ChangeText Columns => new(Buffer, Start + Insert.Length, Start + Length);
}
