using System.Globalization;
using Cdc.Harness.Pipelines.Configuration;

namespace Cdc.Harness.Pipelines.Preflight;

/// <summary>
/// Names the columns of all tables whose values may not come as they are, one finding a kind. Knows nothing of a database.
/// </summary>
public static class ValueRules
{
    // PostgreSQL moves values out of rows of more than about 2,000 bytes; a character has up to four.
    private const int ShortText = 500;

    /// <summary>What is to be said of the tables; nothing for tables that are not there.</summary>
    public static IEnumerable<Finding> Judge(
        IReadOnlyList<ReplicatedTable> configured, SourceFacts source, JobConfiguration? configuration)
    {
        var tables = configured.Where(table => source.Tables.ContainsKey(table.Qualified))
            .Select(table => (Facts: source.Tables[table.Qualified], Settings: configuration?.Of(table) ?? new TableSettings()))
            .Where(table => table.Facts is { Kind: 'r', Persistence: 'p' }).ToList();
        var unchanged = tables.Where(table => table.Facts is { Identity: not 'f', PrimaryKey.Count: > 0 })
            .Select(table => (table.Facts, Columns: Long(table.Facts), table.Settings)).Where(table => table.Columns.Count > 0).ToList();
        if (unchanged.Count > 0)
        {
            yield return new Finding(
                FindingKind.Loss,
                Block(
                    "Values beyond 2 kB come as NULL when an update leaves them alone, in:",
                    unchanged.Select(table => (table.Facts, table.Columns, Becomes(table.Settings)))),
                "replica_identity = \"full\" for a table has its log hold them; on_unchanged_lob = \"keep\" or \"null\" says what the job "
                + "does where it does not.");
        }

        var unbounded = tables.Select(table => (table.Facts, Columns: Unbounded(table.Facts), ""))
            .Where(table => table.Columns.Count > 0).ToList();
        if (unbounded.Count > 0)
        {
            yield return new Finding(
                FindingKind.Loss,
                Block("Numbers without a stated precision come with 28 digits, 6 of them behind the point (NUMERIC(28,6)), in:", unbounded),
                "State it where they may be longer: ALTER TABLE … ALTER COLUMN … TYPE numeric(38,10).");
        }
    }

    private static string Block(string title, IEnumerable<(SourceTableFacts Table, IReadOnlyList<string> Columns, string Remark)> tables) =>
        string.Join(
            '\n',
            tables.Select(table => $"    {table.Table.Qualified}: {string.Join(", ", table.Columns)}{table.Remark}").Prepend(title));

    private static string Becomes(TableSettings settings) =>
        settings.OnUnchangedLob == "null" ? " (on_unchanged_lob: NULL there too)" : " (on_unchanged_lob: the table keeps what it has)";

    private static IReadOnlyList<string> Long(SourceTableFacts table) =>
        [.. table.Columns.Where(column => column.IsToastable && !table.PrimaryKey.Contains(column.Name) && IsLong(column.Type))
            .Select(column => column.Name)];

    private static IReadOnlyList<string> Unbounded(SourceTableFacts table) =>
        [.. table.Columns.Where(column => column.Type == "numeric").Select(column => column.Name)];

    /// <summary>Numbers are stored alike, and are never so long; char and varchar with a short limit are not either.</summary>
    private static bool IsLong(string type) =>
        !type.StartsWith("numeric", StringComparison.Ordinal)
        && !(type.IndexOf('(', StringComparison.Ordinal) is var open and > 0
            && int.TryParse(type[(open + 1)..].TrimEnd(')'), CultureInfo.InvariantCulture, out var length) && length <= ShortText);
}
