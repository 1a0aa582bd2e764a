namespace LocalAws.Parquet.Encodings;

/// <summary>
/// The format's hybrid of run lengths and bit packing, for definition levels and dictionary indexes.
/// A run of eight or more equal values becomes a run length; the rest is packed in groups of eight.
/// </summary>
internal static class RleBitPackedEncoder
{
    private const int Group = 8;

    /// <summary>Bits that hold every number up to one.</summary>
    /// <param name="largest">That number.</param>
    public static int BitWidth(int largest) => 32 - int.LeadingZeroCount(largest);

    /// <summary>Encodes numbers.</summary>
    /// <param name="values">The numbers.</param>
    /// <param name="bitWidth">Bits that each of them fits.</param>
    /// <param name="output">Where to.</param>
    public static void Encode(ReadOnlySpan<int> values, int bitWidth, ByteBuffer output)
    {
        var position = 0;
        while (position < values.Length)
        {
            var run = RunLength(values, position);
            if (run >= Group || position + run == values.Length)
            {
                WriteRun(values[position], run, bitWidth, output);
                position += run;
            }
            else
            {
                position = WritePacked(values, position, bitWidth, output);
            }
        }
    }

    private static int RunLength(ReadOnlySpan<int> values, int start)
    {
        var rest = values[start..];
        var other = rest.IndexOfAnyExcept(rest[0]);
        return other < 0 ? rest.Length : other;
    }

    private static void WriteRun(int value, int count, int bitWidth, ByteBuffer output)
    {
        output.WriteVarint((ulong)count << 1);
        for (var shift = 0; shift < bitWidth; shift += 8)
        {
            output.Write((byte)(value >> shift));
        }
    }

    /// <summary>Packs whole groups until a run starts on a group's boundary, or the end; returns the position behind.</summary>
    private static int WritePacked(ReadOnlySpan<int> values, int start, int bitWidth, ByteBuffer output)
    {
        var end = start;
        while (end < values.Length && (end == start || RunLengthIsBelowGroup(values, end)))
        {
            end = Math.Min(end + Group, values.Length);
        }

        var groups = (end - start + Group - 1) / Group;
        output.WriteVarint(((ulong)groups << 1) | 1);
        Pack(values[start..end], groups, bitWidth, output);
        return end;
    }

    private static bool RunLengthIsBelowGroup(ReadOnlySpan<int> values, int start) =>
        values.Length - start < Group || values.Slice(start, Group).ContainsAnyExcept(values[start]);

    private static void Pack(ReadOnlySpan<int> values, int groups, int bitWidth, ByteBuffer output)
    {
        var target = output.Extend(groups * bitWidth);
        target.Clear();
        ulong pending = 0;
        var bits = 0;
        var written = 0;
        foreach (var value in values)
        {
            pending |= (ulong)(uint)value << bits;
            bits += bitWidth;
            while (bits >= 8)
            {
                target[written++] = (byte)pending;
                pending >>= 8;
                bits -= 8;
            }
        }

        if (bits > 0)
        {
            target[written] = (byte)pending;
        }
    }
}
