namespace LocalAws.Parquet.Tests;

/// <summary>Minimum, maximum and number of NULLs of values by the format's rules, found by sorting: what the writer's statistics must say.</summary>
/// <param name="Min">The minimum's <see cref="Bits"/>; null where there is none.</param>
/// <param name="Max">The maximum's.</param>
/// <param name="Nulls">The number of NULLs.</param>
internal sealed record Extremes(string? Min, string? Max, long Nulls)
{
    private static readonly Comparer<byte[]> Unsigned = Comparer<byte[]>.Create((x, y) => x.AsSpan().SequenceCompareTo(y));

    /// <summary>The extremes of some of a column's values.</summary>
    /// <param name="values">The values.</param>
    public static Extremes Of(IEnumerable<object?> values)
    {
        var all = values.ToList();
        // A NaN is no extreme; a zero is the negative one as minimum and the positive one as maximum.
        var ordered = all.Where(value => value is not (null or float.NaN or double.NaN)).Order(Comparer<object?>.Create(Compare)).ToList();
        var nulls = all.Count(value => value is null);
        return ordered.Count == 0
            ? new Extremes(null, null, nulls)
            : new Extremes(Bits.Of(WithZero(ordered[0], negative: true)), Bits.Of(WithZero(ordered[^1], negative: false)), nulls);
    }

    private static int Compare(object? x, object? y) => x is byte[] bytes ? Unsigned.Compare(bytes, (byte[])y!) : Comparer<object>.Default.Compare(x, y);

    private static object? WithZero(object? value, bool negative) => value switch
    {
        0f => negative ? -0f : 0f,
        0d => negative ? -0d : 0d,
        _ => value,
    };
}
