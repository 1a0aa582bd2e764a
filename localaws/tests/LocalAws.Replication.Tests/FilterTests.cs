using FluentAssertions;
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
        const string Rows = "SELECT {0} + g, g + 0.5 * (g % 2), CASE g % 4 WHEN 0 THEN 'Bern' WHEN 1 THEN 'Oslo' WHEN 2 THEN 'Paris' END, timestamp '2024-01-01' + g * interval '12 hours' FROM generate_series(1, 20) g";
        var task = await stack.NewTaskAsync(
            $"CREATE TABLE t (id int PRIMARY KEY, n numeric(6,1), city text, at timestamp); INSERT INTO t {string.Format(null, Rows, 0)}");
        task.Mappings = TestTask.AllTables(TestTask.SequenceAndBeforeImages).Replace(
            "\"table-name\":\"%\"} }",
            $"\"table-name\":\"%\"}},\"filters\":[{{\"filter-type\":\"source\",\"column-name\":\"{column}\",\"filter-conditions\":[{conditions}]}}]}}",
            StringComparison.Ordinal);
        await using var replicator = await task.StartAsync();
        await replicator.UntilLoadedAsync("t");
        await task.ExecuteAsync($"INSERT INTO t {string.Format(null, Rows, 100)}");
        await replicator.StopAsync();

        var rows = await task.RowsAsync("t");
        var expected = (await task.QueryAsync($"SELECT id FROM t WHERE {sql} ORDER BY id")).Select(row => row[0]).ToList();
        rows.Select(row => row["id"]).Should().Equal(expected);
        expected.Should().NotBeEmpty().And.HaveCountLessThan(40);
    }
}
