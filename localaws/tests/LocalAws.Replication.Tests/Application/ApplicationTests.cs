using FluentAssertions;
using LocalAws.Replication.Messages;
using LocalAws.Replication.Tests.Harness;

namespace LocalAws.Replication.Tests.Application;

/// <summary>An application that migrates its schema while it works, and a task beside it that runs, stops, is killed and reloads.</summary>
[Collection(StackCollection.Name)]
public sealed class ApplicationTests(Stack stack)
{
    // What the application notices of a task at most; its own statements wait for each other's locks too.
    private static readonly TimeSpan Tolerance = TimeSpan.FromSeconds(2);

    private const string Tables = """
        CREATE TABLE accounts (id int PRIMARY KEY, v int NOT NULL DEFAULT 0, code int UNIQUE NOT NULL DEFAULT 0);
        INSERT INTO accounts SELECT n, 0, n FROM generate_series(1, 500) n;
        CREATE TABLE movers (id int PRIMARY KEY, v int); INSERT INTO movers SELECT n, 0 FROM generate_series(1, 200) n;
        CREATE TABLE swapped (id int PRIMARY KEY DEFERRABLE INITIALLY DEFERRED, v int); ALTER TABLE swapped REPLICA IDENTITY FULL;
        INSERT INTO swapped SELECT n, n FROM generate_series(1, 100) n;
        CREATE TABLE history (what text, at timestamptz DEFAULT clock_timestamp());
        CREATE TABLE whole (id int, d int, v int, PRIMARY KEY (id, d)) PARTITION BY RANGE (d);
        CREATE TABLE part_1 PARTITION OF whole FOR VALUES FROM (0) TO (10); CREATE TABLE part_2 PARTITION OF whole FOR VALUES FROM (10) TO (20);
        INSERT INTO whole SELECT n, n % 20, 0 FROM generate_series(1, 200) n;
        """;

    private static readonly string[] Migrations =
    [
        "ALTER TABLE accounts ADD COLUMN added int DEFAULT 5",
        "ALTER TABLE accounts ALTER COLUMN added TYPE bigint",
        "ALTER TABLE accounts RENAME COLUMN added TO renamed",
        "ALTER TABLE accounts ALTER COLUMN renamed TYPE text",
        "ALTER TABLE accounts DROP COLUMN renamed",
        "ALTER TABLE accounts ADD COLUMN amount numeric(8,2) DEFAULT 1.5",
        "ALTER TABLE accounts ALTER COLUMN amount TYPE numeric(12,4)",
        "ALTER TABLE accounts ADD COLUMN total numeric(12,4) GENERATED ALWAYS AS (amount * 2) STORED",
        "ALTER TABLE accounts ADD COLUMN dms_seq text",
        "ALTER TABLE accounts DROP COLUMN dms_seq",
        "ALTER TABLE accounts REPLICA IDENTITY FULL",
        "ALTER TABLE accounts REPLICA IDENTITY USING INDEX accounts_code_key",
        "ALTER TABLE accounts REPLICA IDENTITY NOTHING",
        "ALTER TABLE accounts REPLICA IDENTITY DEFAULT",
        "ALTER TABLE accounts DROP CONSTRAINT accounts_pkey",
        "ALTER TABLE accounts ADD PRIMARY KEY (id) DEFERRABLE",
        "ALTER TABLE accounts DROP CONSTRAINT accounts_pkey, ADD PRIMARY KEY (id)",
        "ALTER TABLE accounts ALTER COLUMN id TYPE bigint",
        "ALTER TABLE movers ADD COLUMN note text",
        "ALTER TABLE movers ALTER COLUMN v TYPE bigint",
        "ALTER TABLE swapped ADD COLUMN note text DEFAULT 'x'",
        "BEGIN; ALTER TABLE movers RENAME TO moved; ALTER TABLE moved RENAME TO movers; COMMIT",
        "CREATE TABLE part_3 PARTITION OF whole FOR VALUES FROM (20) TO (30)",
        "ALTER TABLE whole ADD COLUMN note text",
        "ALTER TABLE whole DETACH PARTITION part_3; DROP TABLE part_3",
        "CREATE TABLE later (id int PRIMARY KEY); INSERT INTO later VALUES (1); DROP TABLE later",
        "TRUNCATE history",
        "ALTER TABLE history ADD PRIMARY KEY (at)",
        "ALTER TABLE history DROP CONSTRAINT history_pkey",
        "CREATE INDEX ON accounts (v)",
        "VACUUM FULL movers",
        "CLUSTER movers USING movers_pkey",
    ];

    [Fact]
    public async Task An_application_neither_fails_nor_waits_because_of_a_task_and_its_tables_arrive()
    {
        var alone = await stack.NewTaskAsync(Tables);
        var (failedAlone, longestAlone) = await MigrateAsync(alone, _ => Task.CompletedTask);
        failedAlone.Should().BeEmpty("the application is right by itself");

        var task = await stack.NewTaskAsync(Tables);
        await using var life = new TaskLife(task);
        await life.StartAsync();
        var (failed, longest) = await MigrateAsync(task, life.StepAsync);

        failed.Should().BeEmpty();
        longest.Should().BeLessThan(longestAlone + Tolerance);
        await life.SettleAsync();
        string[] good = ["accounts", "movers", "swapped", "part_1", "part_2"];
        foreach (var table in good)
        {
            await ShouldEqualAsync(task, life.Replicator.Table(table)!);
        }
    }

    private static async Task<(IReadOnlyCollection<string> Failures, TimeSpan Longest)> MigrateAsync(TestTask task, Func<double, Task> step)
    {
        await using var traffic = new ApplicationTraffic(task.ConnectionString);
        traffic.Start(n => $"""
            BEGIN; UPDATE accounts SET v = v + 1 WHERE id = {1 + (n % 500)}; INSERT INTO accounts (id, v, code) VALUES ({1000 + n}, {n}, {1000 + n});
            DELETE FROM accounts WHERE id = {1000 + n - 7}; INSERT INTO history (what) VALUES ('{n}'); UPDATE history SET what = 'changed' WHERE what = '{n - 1}'; COMMIT
            """);
        traffic.Start(n => $"""
            BEGIN; UPDATE movers SET id = id + 1000000 WHERE id = {1 + (n % 200)}; UPDATE movers SET id = id - 1000000, v = {n} WHERE id = {1_000_001 + ((n - 1) % 200)};
            UPDATE swapped SET id = {1 + (2 * (n % 50))} + {2 + (2 * (n % 50))} - id WHERE id IN ({1 + (2 * (n % 50))}, {2 + (2 * (n % 50))});
            UPDATE whole SET d = (d + 10) % 20, v = {n} WHERE id = {1 + (n % 200)}; COMMIT
            """);
        for (var i = 0; i < Migrations.Length; i++)
        {
            await traffic.MigrateAsync(Migrations[i]);
            await step((double)i / Migrations.Length);
        }

        await traffic.StopAsync();
        return (traffic.Failures, traffic.Longest);
    }

    /// <summary>Folds what was loaded last and the changes since, by the columns that were there all the time.</summary>
    private static async Task ShouldEqualAsync(TestTask task, TableMessage table)
    {
        string[] keys = table.Table.StartsWith("part", StringComparison.Ordinal) ? ["id", "d"] : ["id"];
        // A change that was committed a little before its table was loaded is in both, and so are all that came after it.
        var since = table.FullLoadStart!.Value.AddMilliseconds(-50).ToString(
            "yyyy-MM-dd HH:mm:ss.ffffff", System.Globalization.CultureInfo.InvariantCulture);
        var folded = new SortedDictionary<string, string?>(StringComparer.Ordinal);
        var writtenBy = new Dictionary<string, string?>(StringComparer.Ordinal);
        foreach (var row in (await task.RowsAsync(table.Table))
            .Where(row => row["dms_seq"] is null || string.CompareOrdinal(row["dms_commit_ts"], since) >= 0)
            .OrderBy(row => row["dms_seq"] ?? "", StringComparer.Ordinal))
        {
            string Key(string prefix) => string.Join('/', keys.Select(key => row.Values.GetValueOrDefault(prefix + key) ?? row[key]));
            // Rows whose keys pass each other in one transaction: the one that came to a key stays, though another leaves that key after
            // it.
            var transaction = row["dms_position"]?.Split('.')[0];
            var left = Key("dms_before_");
            if (left == Key("") || transaction is null || writtenBy.GetValueOrDefault(left) != transaction)
            {
                folded.Remove(left);
            }

            if (row.Operation != "D")
            {
                folded[Key("")] = row["v"];
                writtenBy[Key("")] = transaction;
            }
        }

        var source = await task.QueryAsync($"SELECT {string.Join(" || '/' || ", keys)}, v FROM {table.Table} ORDER BY ({string.Join(" || '/' || ", keys)})::text COLLATE \"C\"");
        folded.Select(pair => (pair.Key, pair.Value)).Should().Equal(source.Select(row => (row[0]!, row[1])), table.Table);
    }

    /// <summary>What happens to the task meanwhile: a stop, two kills, a reload, each with a start after it.</summary>
    private sealed class TaskLife(TestTask task) : IAsyncDisposable
    {
        private readonly Queue<(double At, string What)> _events = new(
            [(0.15, "stop"), (0.3, "kill"), (0.45, "stop"), (0.55, "reload"), (0.7, "kill"), (0.85, "stop")]);

        public ReplicatorProcess Replicator { get; private set; } = null!;

        public async Task StartAsync()
        {
            Replicator = await task.StartAsync();
            await Replicator.UntilLoadedAsync("accounts", "movers", "swapped", "history", "part_1", "part_2");
        }

        public async Task StepAsync(double done)
        {
            if (_events.TryPeek(out var next) && done >= next.At)
            {
                _events.Dequeue();
                await (next.What == "kill" ? Replicator.KillAsync() : Replicator.StopAsync());
                await Replicator.DisposeAsync();
                Replicator = await task.StartAsync(next.What == "reload" ? StartTypes.Reload : StartTypes.Resume);
                await Replicator.UntilAsync("Running", self => self.Of<RunningMessage>().Any());
            }
        }

        /// <summary>Tables that were suspended are loaded again by a task that is resumed; then everything up to now is read.</summary>
        public async Task SettleAsync()
        {
            await Replicator.StopAsync();
            await Replicator.DisposeAsync();
            Replicator = await task.StartAsync(StartTypes.Resume);
            await Replicator.UntilLoadedAsync("accounts", "movers", "swapped", "part_1", "part_2");
            await Replicator.StopAsync();
        }

        public ValueTask DisposeAsync() => Replicator is null ? ValueTask.CompletedTask : Replicator.DisposeAsync();
    }
}
