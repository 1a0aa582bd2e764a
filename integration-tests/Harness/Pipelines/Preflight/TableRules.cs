using LocalAws.Postgres;

namespace Cdc.Harness.Pipelines.Preflight;

/// <summary>Judges one table of the configuration: whether what DMS captures of it can equal it. Knows nothing of a database.</summary>
public static class TableRules
{
    // The columns that the raw files have beside the source's (modules/dms).
    private static readonly string[] RawColumns = ["Op", "dms_commit_ts", "dms_seq", "dms_position"];
    private const string BeforePrefix = "dms_before_";

    /// <param name="configured">The table as the configuration has it.</param>
    /// <param name="source">What the database has.</param>
    /// <param name="all">All tables of the configuration, by their qualified names.</param>
    public static IReadOnlyList<Finding> Judge(ReplicatedTable configured, SourceFacts source, IReadOnlySet<string> all)
    {
        if (!source.Tables.TryGetValue(configured.Qualified, out var table))
        {
            var there = string.Join(", ", source.Tables.Values.Where(other => other.Kind is 'r' or 'p').Select(other => other.Qualified));
            return
            [
                new Finding(
                    FindingKind.Refusal,
                    $"The configuration has the table {configured.Qualified}, which the database {source.Database} lacks; it has {there}.",
                    "Create the table, or take it out of the environment's list of tables and apply."),
            ];
        }

        // What holds no rows of its own, or writes none of them to the log, has nothing else worth saying.
        return Storage(table) is { } storage
            ? [storage]
            : [.. Key(configured, table), .. Identity(table), .. Names(table), .. Rights(table, source), .. Partition(table, all), .. Values(table)];
    }

    private static Finding? Storage(SourceTableFacts table) => (table.Kind, table.Persistence) switch
    {
        ('p', _) => new Finding(
            FindingKind.Refusal,
            $"{table.Qualified} is partitioned: its rows, and their changes, belong to its partitions, and DMS captures none of its own.",
            $"List its partitions instead: {(table.Partitions.Count == 0 ? "it has none yet" : string.Join(", ", table.Partitions))}."),
        ('v' or 'm', _) => new Finding(
            FindingKind.Refusal, $"{table.Qualified} is a view: a view has no changes in the log.", "List the tables that it reads."),
        ('f', _) => new Finding(FindingKind.Refusal, $"{table.Qualified} is a foreign table: its changes are in another server's log.", "Replicate it from there."),
        (_, 'u') => new Finding(
            FindingKind.Refusal, $"{table.Qualified} is unlogged: its changes are in no log, so none is captured.",
            $"ALTER TABLE {table.Quoted} SET LOGGED;"),
        (_, 't') => new Finding(
            FindingKind.Refusal, $"{table.Qualified} is temporary: other sessions do not see it.", "Take it out of the list."),
        _ => null,
    };

    private static IEnumerable<Finding> Key(ReplicatedTable configured, SourceTableFacts table)
    {
        if (!table.PrimaryKey.SequenceEqual(configured.PrimaryKey))
        {
            yield return new Finding(
                FindingKind.Refusal,
                $"The configuration gives {table.Qualified} the primary key ({string.Join(", ", configured.PrimaryKey)}), "
                + $"but in the database it is ({string.Join(", ", table.PrimaryKey)}).",
                "Make them equal and apply.");
        }

        foreach (var column in table.Columns.Where(column => column.IsEnum && table.PrimaryKey.Contains(column.Name)))
        {
            yield return new Finding(
                FindingKind.Loss,
                $"{table.Qualified} has the enum {column.Name} in its key: after ALTER TYPE … RENAME VALUE rows written before keep the "
                + "old name, and a change adds a second row under the new one.",
                "Reload the table after such a change.");
        }
    }

    private static IEnumerable<Finding> Identity(SourceTableFacts table)
    {
        var full = $"ALTER TABLE {table.Quoted} REPLICA IDENTITY FULL;";
        var usual = $"ALTER TABLE {table.Quoted} REPLICA IDENTITY DEFAULT;";
        if (table.PrimaryKey.Count == 0)
        {
            yield return table.Identity == 'f'
                ? new Finding(FindingKind.Loss, $"{table.Qualified} has no primary key: its inserts, updates and deletes are in its change log, and it has no table of live rows.")
                : new Finding(
                    FindingKind.Loss,
                    $"{table.Qualified} has no primary key: only its inserts are captured, in its change log; updates and deletes are not.",
                    $"To have them in the log: {full}");
            yield break;
        }

        switch (table.Identity)
        {
            case 'n':
                yield return new Finding(
                    FindingKind.Refusal, $"{table.Qualified} has REPLICA IDENTITY NOTHING: its deletes are not captured, nor is the old key of a row whose key changes.", usual);
                break;
            case 'd' when !table.KeyIsImmediate:
                yield return new Finding(
                    FindingKind.Refusal,
                    $"The primary key of {table.Qualified} is deferrable (or invalid), so it is no replica identity: deletes are not "
                    + "captured, nor is the old key of a row whose key changes.",
                    full);
                break;
            case 'i' when !table.PrimaryKey.All(table.IdentityIndex.Contains):
                yield return new Finding(
                    FindingKind.Refusal,
                    $"The replica identity of {table.Qualified} is an index of ({string.Join(", ", table.IdentityIndex)}), which does not "
                    + $"have its primary key ({string.Join(", ", table.PrimaryKey)}): "
                    + "deletes come without their key, and a key that changes leaves the old row behind.",
                    usual);
                break;
        }
    }

    private static IEnumerable<Finding> Names(SourceTableFacts table)
    {
        var own = RawColumns.Concat(table.PrimaryKey.Select(key => BeforePrefix + key)).ToHashSet(StringComparer.OrdinalIgnoreCase);
        foreach (var column in table.Columns.Where(column => own.Contains(column.Name)))
        {
            yield return new Finding(
                FindingKind.Refusal,
                $"{table.Qualified} has a column {column.Name}, which the raw files have for the pipeline itself.",
                $"ALTER TABLE {table.Quoted} RENAME COLUMN {SqlText.Identifier(column.Name)} TO …;");
        }
    }

    private static IEnumerable<Finding> Rights(SourceTableFacts table, SourceFacts source)
    {
        var user = SqlText.Identifier(source.User);
        if (!table.IsReadable)
        {
            yield return new Finding(
                FindingKind.Refusal,
                $"DMS's user {source.User} may not read {table.Qualified}, so its load fails.",
                $"GRANT USAGE ON SCHEMA {SqlText.Identifier(table.Schema)} TO {user}; GRANT SELECT ON {table.Quoted} TO {user};");
        }

        if (table.HidesRows)
        {
            yield return new Finding(
                FindingKind.Refusal,
                $"Row-level security hides rows of {table.Qualified} from DMS's user {source.User}: they are not loaded, though "
                + "their changes are captured.",
                $"CREATE POLICY replication ON {table.Quoted} FOR SELECT TO {user} USING (true);");
        }
    }

    private static IEnumerable<Finding> Partition(SourceTableFacts table, IReadOnlySet<string> all)
    {
        if (table.Parent is null)
        {
            yield break;
        }

        var others = table.Partitions.Where(
            other => !all.Contains(other.Contains('.', StringComparison.Ordinal) ? other : $"{table.Schema}.{other}")).ToList();
        var now = others.Count == 0 ? "" : $" Not in the list: {string.Join(", ", others)}.";
        yield return new Finding(
            FindingKind.Loss,
            $"{table.Qualified} is a partition of {table.Parent}: a row that moves to a partition which is not in the list is deleted here "
            + $"and is in no table. Partitions that are made later are not captured.{now}",
            "Add them to the list, and reload them.");
    }

    private static IEnumerable<Finding> Values(SourceTableFacts table)
    {
        var virtuals = table.Columns.Where(column => column.IsVirtual).Select(column => column.Name).ToList();
        if (virtuals.Count > 0)
        {
            yield return new Finding(
                FindingKind.Loss,
                $"{table.Qualified} has generated columns that are not stored, which are not captured: {string.Join(", ", virtuals)}.");
        }
    }
}
