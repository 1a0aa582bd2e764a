using LocalAws.Replication.Values;

namespace LocalAws.Replication.Files;

/// <summary>A column of a file.</summary>
/// <param name="Name">Its name there.</param>
/// <param name="Kind">Where its values come from.</param>
/// <param name="Type">What its values are.</param>
/// <param name="SourceIndex">Position in the row's image, for source columns and before-images.</param>
/// <param name="Constant">UTF-8 of a constant.</param>
/// <param name="MaxLength">Bytes that a header's value may have.</param>
internal sealed record OutputColumn(
    string Name, OutputKind Kind, ColumnType Type, int SourceIndex = -1, byte[]? Constant = null, int MaxLength = int.MaxValue);
