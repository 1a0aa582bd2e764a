namespace Cdc.Harness.Changes;

/// <summary>One committed change of a row, as PostgreSQL decodes it.</summary>
/// <param name="Schema">Schema of the table at the source.</param>
/// <param name="Table">Name of the table at the source.</param>
/// <param name="Operation">I, U or D.</param>
/// <param name="Values">The new row; null for a delete.</param>
/// <param name="OldKey">The old key, of a delete and of an update that changes the key.</param>
public sealed record Change(
    string Schema, string Table, string Operation, IReadOnlyDictionary<string, string?>? Values,
    IReadOnlyDictionary<string, string?>? OldKey);
