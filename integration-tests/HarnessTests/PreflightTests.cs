using Cdc.Harness.Pipelines;
using Cdc.Harness.Pipelines.Configuration;
using Cdc.Harness.Pipelines.Preflight;

namespace Cdc.Harness.Tests;

public sealed class PreflightTests
{
    private static readonly SourceTableFacts Good = new(
        "public", "t", 'r', 'p', 'd', ["id"], true, [],
        [new("id", "integer", false, false, false), new("v", "integer", false, false, false)], [], null, true, false);

    [Fact]
    public void A_table_of_which_every_change_is_captured_has_nothing_to_say() => Judge(Good).Should().BeEmpty();

    public static TheoryData<SourceTableFacts, string, string> Refused => new()
    {
        { Good with { Kind = 'p', Partitions = ["t_1", "t_2"] }, "is partitioned", "t_1, t_2" },
        { Good with { Kind = 'v' }, "is a view", "List the tables" },
        { Good with { Kind = 'f' }, "is a foreign table", "Replicate it from there" },
        { Good with { Persistence = 'u' }, "is unlogged", "ALTER TABLE \"public\".\"t\" SET LOGGED;" },
        { Good with { PrimaryKey = ["v"] }, "the primary key (id), but in the database it is (v)", "Make them equal" },
        { Good with { Identity = 'n' }, "REPLICA IDENTITY NOTHING", "REPLICA IDENTITY DEFAULT;" },
        { Good with { KeyIsImmediate = false }, "is deferrable", "REPLICA IDENTITY FULL;" },
        { Good with { Identity = 'i', IdentityIndex = ["v"] }, "an index of (v)", "REPLICA IDENTITY DEFAULT;" },
        { Good with { Identity = 'i', IdentityIndex = [] }, "does not have its primary key", "REPLICA IDENTITY DEFAULT;" },
        { Good with { Columns = [.. Good.Columns, new("dms_seq", "text", false, false, true)] }, "a column dms_seq", "RENAME COLUMN \"dms_seq\"" },
        { Good with { Columns = [.. Good.Columns, new("op", "text", false, false, true)] }, "a column op", "RENAME COLUMN \"op\"" },
        { Good with { Columns = [.. Good.Columns, new("dms_before_id", "text", false, false, true)] }, "a column dms_before_id", "RENAME COLUMN" },
        { Good with { IsReadable = false }, "may not read public.t", "GRANT SELECT ON \"public\".\"t\" TO \"app \"\"user\";" },
        { Good with { HidesRows = true }, "Row-level security hides rows", "CREATE POLICY replication" },
    };

    [Theory]
    [MemberData(nameof(Refused))]
    public void What_would_not_equal_the_source_is_refused_with_what_helps(SourceTableFacts table, string reason, string remedy)
    {
        var refusal = Judge(table).Should().ContainSingle(finding => finding.Kind == FindingKind.Refusal).Which;
        refusal.Message.Should().Contain(reason);
        refusal.Remedy.Should().Contain(remedy);

        var starting = () => SourcePreflight.ThrowIfRefused(Judge(table));
        starting.Should().Throw<PipelineException>().WithMessage($"*{reason}*The task was not started.");
    }

    public static TheoryData<SourceTableFacts, string> Lossy => new()
    {
        { Good with { Identity = 'f', KeyIsImmediate = false }, "" },
        { Good with { Identity = 'i', IdentityIndex = ["id", "v"] }, "" },
        { Good with { Columns = [Good.Columns[0], new("body", "text", false, false, true)] },
          "beyond 2 kB come as NULL when an update leaves them alone, in:\n    public.t: body (on_unchanged_lob: the table keeps what it has)" },
        { Good with { Identity = 'f', Columns = [Good.Columns[0], new("body", "text", false, false, true)] }, "" },
        { Good with { Columns = [Good.Columns[0], new("n", "numeric(10,2)", false, false, true), new("c", "character varying(40)", false, false, true)] }, "" },
        { Good with { Columns = [Good.Columns[0], new("n", "numeric", false, false, true)] }, "NUMERIC(28,6)), in:\n    public.t: n" },
        { Good with { Columns = [Good.Columns[0], new("twice", "integer", false, true, false)] }, "not stored, which are not captured: twice" },
        { Good with { Columns = [new("id", "mood", true, false, false)] }, "RENAME VALUE" },
        { Good with { Parent = "whole", Partitions = ["t_2", "other.t_3"] }, "Not in the list: t_2, other.t_3." },
    };

    [Theory]
    [MemberData(nameof(Lossy))]
    public void What_is_not_captured_is_said_and_does_not_hold_the_start_up(SourceTableFacts table, string said)
    {
        var findings = SourcePreflight.ThrowIfRefused(Judge(table));

        if (said.Length == 0)
        {
            findings.Should().BeEmpty();
        }
        else
        {
            findings.Should().ContainSingle().Which.Message.Should().Contain(said);
        }
    }

    [Theory]
    [InlineData('d', "only its inserts are captured", true)]
    [InlineData('f', "its inserts, updates and deletes are in its change log", false)]
    public void A_table_without_a_key_is_told_what_its_identity_means(char identity, string said, bool hasRemedy)
    {
        var table = Good with { PrimaryKey = [], KeyIsImmediate = false, Identity = identity };

        var finding = TableRules.Judge(
            new ReplicatedTable("public", "t", []), Source(table), new HashSet<string>()).Should().ContainSingle().Which;
        finding.Kind.Should().Be(FindingKind.Loss);
        finding.Message.Should().Contain(said);
        (finding.Remedy is not null).Should().Be(hasRemedy);
    }

    [Theory]
    [InlineData(150_007, true)]
    [InlineData(150_008, false)]
    [InlineData(160_002, true)]
    [InlineData(160_004, false)]
    [InlineData(170_000, false)]
    [InlineData(140_012, true)]
    public void A_server_that_may_lose_open_transactions_is_named(int version, bool named) =>
        ServerRules.Judge(Source(Good) with { Version = version }).Any(
            finding => finding.Message.Contains("within a transaction", StringComparison.Ordinal)).Should().Be(named);

    [Fact]
    public void A_database_without_an_encoding_or_without_logical_decoding_is_named()
    {
        var findings = ServerRules.Judge(Source(Good) with { Encoding = "SQL_ASCII", WalLevel = "replica" });

        findings.Select(finding => finding.Kind).Should().BeEquivalentTo([FindingKind.Refusal, FindingKind.Loss]);
        findings.Should().Contain(finding => finding.Message.Contains("SQL_ASCII", StringComparison.Ordinal));
    }

    [Fact]
    public void All_tables_with_long_values_are_in_one_finding_with_what_becomes_of_them()
    {
        SourceColumnFacts[] columns = [Good.Columns[0], new("body", "text", false, false, true), new("raw", "bytea", false, false, true)];
        var source = Source(Good) with
        {
            Tables = new Dictionary<string, SourceTableFacts>
            {
                ["public.t"] = Good with { Columns = columns },
                ["public.u"] = Good with { Name = "u", Columns = columns },
                ["public.full"] = Good with { Name = "full", Columns = columns, Identity = 'f' },
            },
        };
        var configuration = new JobConfiguration(
            "f", "_cdc/", new Dictionary<string, TableSettings> { ["public.u"] = new TableSettings(OnUnchangedLob: "null") });

        var finding = SourcePreflight.Judge(
            [.. source.Tables.Values.Select(table => new ReplicatedTable(table.Schema, table.Name, ["id"]))], source, configuration)
            .Should().ContainSingle().Which;

        finding.Message.Split('\n')[1..].Should().Equal(
            "    public.t: body, raw (on_unchanged_lob: the table keeps what it has)",
            "    public.u: body, raw (on_unchanged_lob: NULL there too)");
        finding.Remedy.Should().Contain("replica_identity = \"full\"").And.Contain("on_unchanged_lob");
    }

    [Fact]
    public void Tables_that_are_to_have_a_full_identity_and_have_none_are_found()
    {
        var source = Source(Good) with
        {
            Tables = new Dictionary<string, SourceTableFacts>
            {
                ["public.t"] = Good,
                ["public.has"] = Good with { Name = "has", Identity = 'f' },
                ["public.view"] = Good with { Name = "view", Kind = 'v' },
                ["public.default"] = Good with { Name = "default" },
            },
        };
        string[] names = ["t", "has", "view", "default", "lacking"];
        ReplicatedTable[] configured = [.. names.Select(name => new ReplicatedTable("public", name, ["id"]))];
        var configuration = new JobConfiguration(
            "f",
            "_cdc/",
            configured.Where(table => table.Name != "default").ToDictionary(table => table.Qualified, _ => new TableSettings("full")));

        var missing = ReplicaIdentities.Missing(configured, source, configuration);

        missing.Select(table => table.Name).Should().Equal("t");
        ReplicaIdentities.Assume(source, missing).Tables.Where(table => table.Value.Identity == 'f').Select(table => table.Key)
            .Should().Equal("public.t", "public.has");
    }

    private static IReadOnlyList<Finding> Judge(SourceTableFacts table) =>
        SourcePreflight.Judge([new ReplicatedTable("public", "t", ["id"])], Source(table));

    private static SourceFacts Source(SourceTableFacts table) =>
        new("shop", "app \"user", 170_010, "UTF8", "logical", new Dictionary<string, SourceTableFacts> { [table.Qualified] = table });
}
