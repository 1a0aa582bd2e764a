namespace LocalAws.Replication.Values;

/// <summary>A column's kind with what limits its values.</summary>
/// <param name="Kind">Kind.</param>
/// <param name="Precision">Digits of a decimal.</param>
/// <param name="Scale">Decimals of a decimal.</param>
/// <param name="TrimBlanks">Blanks at the end are cut off: char(n).</param>
/// <param name="MaxCharacters">Characters that are kept; 0: all.</param>
/// <param name="IsLob">Cut at LobMaxSize.</param>
internal sealed record ColumnType(
    ValueKind Kind, int Precision = 0, int Scale = 0, bool TrimBlanks = false, int MaxCharacters = 0, bool IsLob = false);
