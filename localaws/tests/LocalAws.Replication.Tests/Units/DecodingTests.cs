using System.Text;
using FluentAssertions;
using FsCheck;
using FsCheck.Xunit;
using LocalAws.Replication.Changes;
using LocalAws.Replication.Decoding;
using LocalAws.Replication.Files;
using LocalAws.Replication.Filters;
using LocalAws.Replication.Source;
using LocalAws.Replication.Values;

namespace LocalAws.Replication.Tests.Units;

public sealed class DecodingTests
{
    // What test_decoding printed on PostgreSQL 15.18 for a table with every way of quoting.
    private const string Quoted =
        """UPDATE: old-key: id[integer]:1 new-tuple: id[integer]:2 "it's"[text]:'a''b\c new-tuple: null' """
        + """n[numeric]:null bi[bit]:B'101' "char"["char"]:'c' """
        + """arr[integer[]]:'{1,NULL}' ty["We ird"."ty'pe]"]:'(3)' body[text]:unchanged-toast-datum b[boolean]:true""";

    private static readonly TableDefinition Table = Define(
        ("id", "id[integer]", PgOids.Int4),
        ("it's", "\"it's\"[text]", PgOids.Text),
        ("n", "n[numeric]", PgOids.Numeric),
        ("bi", "bi[bit]", 1560u),
        ("char", "\"char\"[\"char\"]", 18u),
        ("arr", "arr[integer[]]", 1007u),
        ("ty", "ty[\"We ird\".\"ty'pe]\"]", 20_000u),
        ("body", "body[text]", PgOids.Text),
        ("b", "b[boolean]", PgOids.Boolean));

    [Fact]
    public void Every_way_of_quoting_is_read()
    {
        var text = Text(Quoted);
        var (old, now) = (new RowImage(), new RowImage());

        text.TakeOldKey().Should().BeTrue();
        text.OldRow(Table, old).Should().Be(ColumnsMatch.Same);
        text.TakeNewTuple().Should().BeTrue();
        text.Row(Table, now).Should().Be(ColumnsMatch.Same);
        now.UndoubleQuotes();

        Values(old).Should().Equal("1", null, null, null, null, null, null, null, null);
        Values(now).Should().Equal("2", "a'b\\c new-tuple: null", null, "101", "c", "{1,NULL}", "(3)", null, "true");
        now.IsUnchanged(7).Should().BeTrue();
        now.Knows(2).Should().BeTrue("a NULL is something");
        old.Knows(2).Should().BeFalse("the log has only the key of the old row");
    }

    [Fact]
    public void Names_and_types_are_told_where_the_definition_is_another()
    {
        var text = Text(Quoted.Replace("UPDATE: old-key: id[integer]:1 new-tuple:", "INSERT:", StringComparison.Ordinal));
        var headers = new List<(string, string)>();
        while (text.TryHeader(out var name, out var type))
        {
            headers.Add((Encoding.UTF8.GetString(name), Encoding.UTF8.GetString(type)));
        }

        headers.Should().Equal(
            ("id", "integer"), ("\"it's\"", "text"), ("n", "numeric"), ("bi", "bit"), ("\"char\"", "\"char\""), ("arr", "integer[]"),
            ("ty", "\"We ird\".\"ty'pe]\""), ("body", "text"), ("b", "boolean"));
    }

    [Theory]
    [InlineData("INSERT: id[integer]:1", "a column is missing")]
    [InlineData("INSERT: id[bigint]:1 t[text]:'x'", "a type is another")]
    [InlineData("INSERT: id[integer]:1 t[text]:'x' more[text]:'y'", "a column was added")]
    public void Other_columns_are_noticed(string change, string because) =>
        Text(change).Row(Define(("id", "id[integer]", PgOids.Int4), ("t", "t[text]", PgOids.Text)), new RowImage()).Should().Be(
            ColumnsMatch.Other, because);

    [Theory]
    [InlineData("1.50", true)]
    [InlineData("1.5000", false)]
    [InlineData("2", false)]
    [InlineData("NaN", true)]
    [InlineData("-12345678.90", true)]
    [InlineData("123456789.00", false)]
    [InlineData("0.00", true)]
    public void Digits_that_the_type_does_not_print_are_noticed(string number, bool same)
    {
        // numeric(10,2).
        var table = Define([new SourceColumn("n", new PgType(PgOids.Numeric, (10 << 16) + 2 + 4, "numeric(10,2)"), false, "n[numeric]")]);

        Text($"INSERT: n[numeric]:{number}").Row(table, new RowImage()).Should().Be(same ? ColumnsMatch.Same : ColumnsMatch.OtherDecimals);
    }

    [Property(MaxTest = 200)]
    public void A_change_in_pieces_is_the_change(NonEmptyArray<string> values, PositiveInt piece)
    {
        var change = Encoding.UTF8.GetBytes("INSERT:" + string.Concat(
            values.Get.Select((value, i) => $" c{i}[text]:'{(value ?? "").Replace("'", "''", StringComparison.Ordinal)}'")));

        Trim(change, piece.Get, limit: 1_000_000).Should().Equal(change);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(7)]
    [InlineData(5000)]
    public void A_long_value_is_cut_and_what_stands_around_it_is_whole(int piece)
    {
        var change = Encoding.UTF8.GetBytes(
            $"""INSERT: id[integer]:1 "it's"[text]:'{string.Concat(Enumerable.Repeat("x''", 900))}' """
            + $"""n[numeric]:{new string('9', 300)} t[text]:'after'""");

        Encoding.UTF8.GetString(Trim(change, piece, limit: 6)).Should().Be(
            $"""INSERT: id[integer]:1 "it's"[text]:'x''x''x''' n[numeric]:{new string('9', 300)} t[text]:'after'""");
    }

    [Fact]
    public void A_transaction_gives_its_changes_back_in_order_though_most_of_it_lay_on_the_disk()
    {
        var path = Path.Combine(Path.GetTempPath(), Path.GetRandomFileName());
        using (var transaction = new DecodedTransaction(path))
        {
            for (var i = 0; i < 5000; i++)
            {
                transaction.Add(i % 3, Encoding.UTF8.GetBytes($"{i}:{new string('x', i % 100 == 0 ? 300_000 : 100)}"));
            }

            transaction.Complete(7, 9);
            File.Exists(path).Should().BeTrue();
            for (var i = 0; i < 5000; i++)
            {
                transaction.TryRead(out var change).Should().BeTrue();
                change.Table.Should().Be(i % 3);
                Encoding.UTF8.GetString(change.Buffer, change.Start, change.Length).Should().StartWith($"{i}:x").And.HaveLength(
                    $"{i}:".Length + (i % 100 == 0 ? 300_000 : 100));
            }

            transaction.TryRead(out _).Should().BeFalse();
            transaction.MemoryBytes.Should().BeLessThanOrEqualTo(DecodedTransaction.MemoryLimit);
        }

        File.Exists(path).Should().BeFalse();
    }

    private static byte[] Trim(byte[] change, int piece, int limit)
    {
        using var transaction = new DecodedTransaction(Path.Combine(Path.GetTempPath(), Path.GetRandomFileName()));
        transaction.Begin(0, 0);
        var trimmer = new ChangeTrimmer(limit, transaction);
        foreach (var some in change.Chunk(piece))
        {
            trimmer.Add(some);
        }

        trimmer.Complete();
        transaction.End();
        transaction.Complete(0, 0);
        transaction.TryRead(out var kept);
        return kept.Buffer.AsSpan(kept.Start, kept.Length).ToArray();
    }

    private static ChangeText Text(string change)
    {
        var bytes = Encoding.UTF8.GetBytes(change);
        return new DecodedChange(0, bytes, 0, bytes.Length).Columns;
    }

    private static TableDefinition Define(params (string Name, string LogName, uint Oid)[] columns) =>
        Define(
            [.. columns.Select(column => new SourceColumn(column.Name, new PgType(column.Oid, -1, column.Name), false, column.LogName))]);

    private static TableDefinition Define(IReadOnlyList<SourceColumn> columns)
    {
        var source = new SourceTable(1, "public", "t", "public.t", columns, ReplicaIdentity.PrimaryKey, 0);
        return new TableDefinition(source, new RowFilter(source, []), new OutputSchema("public", "t", "public.t", [], [], []));
    }

    private static List<string?> Values(RowImage row) =>
        [.. Enumerable.Range(0, row.Count).Select(i => row.HasValue(i) ? Encoding.UTF8.GetString(row[i]) : null)];
}
