namespace Cdc.Harness.Changes;

/// <summary>One committed change of a row, as PostgreSQL decodes it.</summary>
/// <param name="Schema">Schema of the table at the source.</param>
/// <param name="Table">Name of the table at the source.</param>
/// <param name="Operation">I, U or D.</param>
/// <param name="Values">The new row; null for a delete.</param>
/// <param name="OldKey">
/// The old key, of a delete and of an update that changes the key; of a table with a full replica identity the whole old row, of every
/// update and delete.
/// </param>
public sealed record Change(
    string Schema, string Table, string Operation, IReadOnlyDictionary<string, string?>? Values,
    IReadOnlyDictionary<string, string?>? OldKey)
{
    /// <summary>Whether it is an update that gives its row another key.</summary>
    /// <param name="key">The columns of the key.</param>
    public bool MovesRow(IEnumerable<string> key) =>
        this is { Operation: "U", Values: { } values, OldKey: { } old } && key.Any(column => old[column] != values[column]);
}
