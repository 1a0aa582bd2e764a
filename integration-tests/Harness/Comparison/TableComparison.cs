namespace Cdc.Harness.Comparison;

/// <summary>A table beside its source.</summary>
/// <param name="Table">Name for people: <c>schema.name</c>.</param>
/// <param name="SourceRows">Rows in the source, filter or not.</param>
/// <param name="FinalRows">Rows of the final table; null when the table has no key.</param>
/// <param name="Final">How the final table differs from the expectation; null when the table has no key.</param>
/// <param name="LogRows">Rows of the change log.</param>
/// <param name="Log">How the log's changes differ from those that the second slot shows.</param>
/// <param name="Loaded">How the log's rows of the full load differ from those that were there to load; null when the table has a
/// key.</param>
public sealed record TableComparison(
    string Table, int SourceRows, int? FinalRows, RowDifference? Final, int LogRows, RowDifference Log, RowDifference? Loaded)
{
    /// <summary>Whether final table and change log are what the source says; a table without a key has the log alone.</summary>
    public bool IsRight => Final is null or { IsEmpty: true } && LogIsRight;

    /// <summary>Whether the change log has each change once, and each row of the full load where these can be told.</summary>
    public bool LogIsRight => Log.IsEmpty && Loaded is null or { IsEmpty: true };

    /// <summary>What differs in the final table and in the log, in one line but for the rows that are shown.</summary>
    public override string ToString() =>
        $"{Table}: final {Final?.ToString() ?? "none"}; log {Log}{(Loaded is null ? "" : $"; loaded rows of the log {Loaded}")}";
}
