namespace Cdc.Harness.Comparison;

/// <summary>Rows that one side lacks and rows that it has too many.</summary>
public sealed record RowDifference(IReadOnlyList<string> Missing, IReadOnlyList<string> Unexpected)
{
    private const int Shown = 3;

    /// <summary>Whether both sides have the same rows, each equally often.</summary>
    public bool IsEmpty => Missing.Count == 0 && Unexpected.Count == 0;

    /// <summary>The counts of both kinds, with the first rows of each.</summary>
    public override string ToString() =>
        IsEmpty ? "equal" : $"{Missing.Count} missing{Some(Missing)}, {Unexpected.Count} unexpected{Some(Unexpected)}";

    private static string Some(IReadOnlyList<string> rows) => string.Concat(rows.Take(Shown).Select(row => $"\n    {row}"));
}
