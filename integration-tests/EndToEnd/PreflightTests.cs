using Cdc.EndToEnd.Tests.Story;
using Cdc.Harness.Pipelines;
using Cdc.Harness.Pipelines.Preflight;

namespace Cdc.EndToEnd.Tests;

/// <summary>What the preflight says of real tables.</summary>
public sealed class PreflightTests
{
    private const string Schema = "preflight";

    private const string Tables = """
        DROP SCHEMA IF EXISTS preflight CASCADE; CREATE SCHEMA preflight;
        CREATE TYPE preflight.mood AS ENUM ('sad');
        CREATE TABLE preflight.good (b int, a int, v numeric(10,2), PRIMARY KEY (a, b));
        CREATE TABLE preflight.deferred (id int PRIMARY KEY DEFERRABLE, v int);
        CREATE TABLE preflight.deferred_full (id int PRIMARY KEY DEFERRABLE, v int);
        ALTER TABLE preflight.deferred_full REPLICA IDENTITY FULL;
        CREATE TABLE preflight.nothing (id int PRIMARY KEY); ALTER TABLE preflight.nothing REPLICA IDENTITY NOTHING;
        CREATE TABLE preflight.by_index (id int PRIMARY KEY, code text NOT NULL UNIQUE);
        ALTER TABLE preflight.by_index REPLICA IDENTITY USING INDEX by_index_code_key;
        CREATE TABLE preflight.keyless (a int, b text);
        CREATE TABLE preflight.keyless_full (a int, b text); ALTER TABLE preflight.keyless_full REPLICA IDENTITY FULL;
        CREATE UNLOGGED TABLE preflight.unlogged (id int PRIMARY KEY);
        CREATE TABLE preflight.whole (id int, d int, PRIMARY KEY (id, d)) PARTITION BY RANGE (d);
        CREATE TABLE preflight.part_1 PARTITION OF preflight.whole FOR VALUES FROM (0) TO (1);
        CREATE TABLE preflight.part_2 PARTITION OF preflight.whole FOR VALUES FROM (1) TO (2);
        CREATE VIEW preflight.seen AS SELECT 1 AS id;
        CREATE TABLE preflight.named (id int PRIMARY KEY, "Op" text);
        CREATE TABLE preflight.moody (id preflight.mood PRIMARY KEY);
        CREATE TABLE preflight.policed (id int PRIMARY KEY);
        ALTER TABLE preflight.policed ENABLE ROW LEVEL SECURITY;
        ALTER TABLE preflight.policed FORCE ROW LEVEL SECURITY;
        CREATE TABLE preflight.long (id int PRIMARY KEY, body jsonb);
        """;

    [Fact]
    public async Task Every_kind_of_table_is_judged_by_what_the_catalog_says_of_it()
    {
        var source = (await DeployedPipeline.GetAsync()).Deployment.Source;
        await source.ExecuteAsync(Tables, StoryTime.Token);
        try
        {
            var facts = await SourceCatalog.ReadAsync(source, source.Settings.Username!, StoryTime.Token);

            string Judge(string table, params string[] key) => string.Join(
                ' ',
                SourcePreflight.Judge([new ReplicatedTable(Schema, table, key)], facts).Select(finding => $"{finding.Kind}: {finding}"));
            Judge("good", "a", "b").Should().BeEmpty();
            Judge("good", "b", "a").Should().StartWith("Refusal").And.Contain("(b, a)").And.Contain("(a, b)");
            Judge("deferred", "id").Should().StartWith("Refusal").And.Contain("REPLICA IDENTITY FULL");
            Judge("deferred_full", "id").Should().BeEmpty();
            Judge("nothing", "id").Should().StartWith("Refusal").And.Contain("REPLICA IDENTITY DEFAULT");
            Judge("by_index", "id").Should().StartWith("Refusal").And.Contain("an index of (code)");
            Judge("keyless").Should().StartWith("Loss").And.Contain("only its inserts");
            Judge("keyless_full").Should().StartWith("Loss").And.Contain("updates and deletes are in its change log");
            Judge("unlogged", "id").Should().StartWith("Refusal").And.Contain("SET LOGGED");
            Judge("whole", "id", "d").Should().StartWith("Refusal").And.Contain("preflight.part_1, preflight.part_2");
            Judge("part_1", "id", "d").Should()
                .StartWith("Loss").And.Contain("preflight.whole").And.Contain("Not in the list: preflight.part_2.");
            Judge("seen", "id").Should().StartWith("Refusal").And.Contain("is a view");
            Judge("named", "id").Should().StartWith("Refusal").And.Contain("RENAME COLUMN \"Op\"");
            Judge("moody", "id").Should().StartWith("Loss").And.Contain("RENAME VALUE");
            Judge("policed", "id").Should().StartWith("Refusal").And.Contain("CREATE POLICY");
            Judge("long", "id").Should().StartWith("Loss").And.Contain("body");
            Judge("ghost", "id").Should().StartWith("Refusal").And.Contain("lacks");

            await source.ExecuteAsync("CREATE ROLE preflight_reader", StoryTime.Token);
            (await SourceCatalog.ReadAsync(source, "preflight_reader", StoryTime.Token)).Tables["preflight.good"].IsReadable.Should()
                .BeFalse();
        }
        finally
        {
            await source.ExecuteAsync("DROP SCHEMA preflight CASCADE; DROP ROLE IF EXISTS preflight_reader", StoryTime.Token);
        }
    }
}
