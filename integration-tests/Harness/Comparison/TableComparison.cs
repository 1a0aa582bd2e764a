namespace Cdc.Harness.Comparison;

/// <summary>A table beside its source.</summary>
/// <param name="SourceRows">Rows in the source, filter or not.</param>
/// <param name="FinalRows">Rows of the final table; null when the table has no key.</param>
/// <param name="Final">How the final table differs from the expectation; null when the table has no key.</param>
/// <param name="LogRows">Rows of the change log.</param>
/// <param name="Log">How the log's changes differ from those that the second slot shows.</param>
public sealed record TableComparison(string Table, int SourceRows, int? FinalRows, RowDifference? Final, int LogRows, RowDifference Log)
{
    public bool IsRight => Final is null or { IsEmpty: true } && Log.IsEmpty;

    public override string ToString() => $"{Table}: final {Final?.ToString() ?? "none"}; log {Log}";
}
