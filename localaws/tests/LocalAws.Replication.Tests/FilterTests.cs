using FluentAssertions;
using LocalAws.Replication.Messages;
using LocalAws.Replication.Tests.Harness;

namespace LocalAws.Replication.Tests;

[Collection(StackCollection.Name)]
public sealed class FilterTests(Stack stack)
{
    [Theory]
    [InlineData("n", """{"filter-operator":"gte","value":"10"}""", "n >= 10")]
    [InlineData("n", """{"filter-operator":"between","start-value":"2","end-value":"9"}""", "n BETWEEN 2 AND 9")]
    [InlineData("n", """{"filter-operator":"notbetween","start-value":"2","end-value":"9"}""", "n NOT BETWEEN 2 AND 9")]
    [InlineData("n", """{"filter-operator":"eq","value":"1"},{"filter-operator":"gte","value":"19.5"}""", "n = 1 OR n >= 19.5")]
    [InlineData("city", """{"filter-operator":"noteq","value":"Bern"}""", "city <> 'Bern'")]
    [InlineData("city", """{"filter-operator":"lte","value":"O'Hara"}""", "city COLLATE \"C\" <= 'O''Hara'")]
    [InlineData("city", """{"filter-operator":"null"}""", "city IS NULL")]
    [InlineData("city", """{"filter-operator":"notnull"}""", "city IS NOT NULL")]
    [InlineData("at", """{"filter-operator":"gte","value":"2024-01-05"}""", "at >= '2024-01-05'")]
    public async Task A_filter_takes_the_same_rows_from_the_load_and_from_the_changes(string column, string conditions, string sql)
    {
        const string Rows =
            "SELECT {0} + g, g + 0.5 * (g % 2), CASE g % 4 WHEN 0 THEN 'Bern' WHEN 1 THEN 'Oslo' WHEN 2 THEN 'Paris' END, "
            + "timestamp '2024-01-01' + g * interval '12 hours' "
            + "FROM generate_series(1, 20) g";
        var task = await stack.NewTaskAsync(
            $"CREATE TABLE t (id int PRIMARY KEY, n numeric(6,1), city text, at timestamp); INSERT INTO t {string.Format(null, Rows, 0)}");
        task.Mappings = Filtered(column, conditions);
        await using var replicator = await task.StartAsync();
        await replicator.UntilLoadedAsync("t");
        await task.ExecuteAsync($"INSERT INTO t {string.Format(null, Rows, 100)}");
        await replicator.StopAsync();

        var rows = await task.RowsAsync("t");
        var expected = (await task.QueryAsync($"SELECT id FROM t WHERE {sql} ORDER BY id")).Select(row => row[0]).ToList();
        rows.Select(row => row["id"]).Should().Equal(expected);
        expected.Should().NotBeEmpty().And.HaveCountLessThan(40);
    }

    [Theory]
    [InlineData("char(10)", "'OPEN'", "'CLOSED'", """{"filter-operator":"eq","value":"OPEN"}""")]
    [InlineData("varchar(10)", "'OPEN'", "'OPEN '", """{"filter-operator":"eq","value":"OPEN"}""")]
    [InlineData("boolean", "true", "false", """{"filter-operator":"eq","value":"true"}""")]
    [InlineData("boolean", "true", "false", """{"filter-operator":"eq","value":"t"}""")]
    [InlineData("boolean", "false", "true", """{"filter-operator":"noteq","value":"1"}""")]
    [InlineData(
        "numeric",
        "123456789012345678901234567890123",
        "4.999999999999999999999999999999999",
        """{"filter-operator":"gte","value":"5"}""")]
    [InlineData("double precision", "1e300", "-1e300", """{"filter-operator":"gte","value":"5"}""")]
    [InlineData("real", "0.5", "NULL", """{"filter-operator":"eq","value":"0.50"}""")]
    [InlineData("money", "'$1,234.50'", "'-$1,234.50'", """{"filter-operator":"gte","value":"1234.5"}""")]
    [InlineData("bigint", "9223372036854775807", "-9223372036854775808", """{"filter-operator":"gte","value":"9223372036854775807"}""")]
    [InlineData("date", "'2024-02-29'", "'0044-03-15 BC'", """{"filter-operator":"gte","value":"2024-02-29"}""")]
    [InlineData(
        "timestamptz",
        "'2024-01-01 00:00:00+02'", "'2024-01-01 00:00:00+00'",
        """{"filter-operator":"lte","value":"2023-12-31 23:00:00"}""")]
    [InlineData("timestamp", "'infinity'", "'2024-01-01'", """{"filter-operator":"gte","value":"2025-01-01 00:00:00"}""")]
    [InlineData("time", "'09:30:00.5'", "'09:30:00.4'", """{"filter-operator":"gte","value":"09:30:00.5"}""")]
    [InlineData(
        "uuid",
        "'c4c055dc-09a2-4286-8e79-ad3dd7c9555c'",
        "'d4c055dc-09a2-4286-8e79-ad3dd7c9555c'",
        """{"filter-operator":"eq","value":"c4c055dc-09a2-4286-8e79-ad3dd7c9555c"}""")]
    [InlineData("text COLLATE \"C\"", "'ä'", "'z'", """{"filter-operator":"notbetween","start-value":"a","end-value":"z"}""")]
    [InlineData("integer", "NULL", "1", """{"filter-operator":"null"}""")]
    public async Task A_filter_judges_a_row_alike_whether_it_is_loaded_or_changed(
        string type, string wanted, string other, string condition)
    {
        var task = await stack.NewTaskAsync(
            $"CREATE TABLE t (id int PRIMARY KEY, n {type}); INSERT INTO t VALUES (1, {wanted}), (2, {other})");
        task.Mappings = Filtered("n", condition);
        await using var replicator = await task.StartAsync();
        await replicator.UntilLoadedAsync("t");
        await task.ExecuteAsync($"INSERT INTO t VALUES (11, {wanted}), (12, {other})");
        await replicator.StopAsync();

        (await task.RowsAsync("t")).Select(row => row["id"]).Should().Equal("1", "11");
    }

    [Fact]
    public async Task A_filter_meets_an_unchanged_TOASTed_value_where_full_identity_tells_it()
    {
        var task = await stack.NewTaskAsync("""
            CREATE TABLE t (id int PRIMARY KEY, n int, big varchar(9000));
            ALTER TABLE t ALTER big SET STORAGE EXTERNAL;
            ALTER TABLE t REPLICA IDENTITY FULL;
            INSERT INTO t VALUES (1, 1, repeat('b', 5000)), (2, 1, repeat('a', 5000))
            """);
        task.Mappings = Filtered("big", """{"filter-operator":"gte","value":"b"}""");
        await using var replicator = await task.StartAsync();
        await replicator.UntilLoadedAsync("t");
        await task.ExecuteAsync("UPDATE t SET n = 2");
        await replicator.StopAsync();

        (await task.ChangesAsync("t")).Select(row => (row["id"], row["big"]!.Length)).Should().Equal(("1", 5000));
    }

    [Theory]
    [InlineData("ghost", """{"filter-operator":"eq","value":"1"}""", "'ghost'")]
    [InlineData("n", """{"filter-operator":"gte","value":"ten"}""", "'ten'")]
    public async Task A_filter_that_does_not_fit_its_table_suspends_that_table(string column, string condition, string named)
    {
        var task = await stack.NewTaskAsync("CREATE TABLE t (id int PRIMARY KEY, n int)");
        task.Mappings = Filtered(column, condition);
        await using var replicator = await task.StartAsync();
        await replicator.UntilAsync("The error", self => self.Table("t")?.State == TableStates.Error);
        await replicator.StopAsync();

        replicator.Of<LogMessage>().Single(log => log.Severity == "E").Message.Should().Contain("public.t").And.Contain(named);
    }

    private static string Filtered(string column, string conditions) => TestTask.AllTables(TestTask.SequenceAndBeforeImages).Replace(
        "\"table-name\":\"%\"} }",
        $"\"table-name\":\"%\"}},"
        + $"\"filters\":[{{\"filter-type\":\"source\",\"column-name\":\"{column}\",\"filter-conditions\":[{conditions}]}}]}}",
        StringComparison.Ordinal);
}
