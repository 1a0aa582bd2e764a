using System.Text.Json.Nodes;
using LocalAws.Tests.Harness;

namespace LocalAws.Tests;

[Collection(GatewayCollection.Name)]
public sealed class AthenaTests(SharedGateway shared)
{
    private readonly Gateway _gateway = shared.Gateway;

    [Fact]
    public async Task A_query_is_carried_out_a_statement_is_not_and_a_stopped_one_holds_up_nobody()
    {
        await _gateway.PutAsync("results", "before", []);
        // The engine is warm after its first query, so that the next one is at work when it is stopped.
        await StateAsync(await StartAsync("VALUES 1"), "SUCCEEDED");
        var endless = await StartAsync("SELECT sum(a.id * b.id) FROM range(10000000) a CROSS JOIN range(10000000) b");
        await StateAsync(endless, "RUNNING");

        var refused = await StartAsync("DROP TABLE t");
        var answered = await StartAsync(
            """SELECT 1 AS "n", 'it "is"' AS t, CAST(NULL AS varchar) AS nothing, CAST(1.50 AS decimal(5,2)) AS d""");
        await _gateway.JsonAsync("athena", "AmazonAthena.StopQueryExecution", new JsonObject { ["QueryExecutionId"] = endless });

        var failure = await StateAsync(refused, "FAILED");
        failure["StateChangeReason"]!.GetValue<string>().Should().Contain("Only queries are carried out here, not: DROP");
        failure["AthenaError"]!["ErrorCategory"]!.GetValue<int>().Should().Be(2);
        await StateAsync(answered, "SUCCEEDED");
        var (_, results) = await _gateway.JsonAsync(
            "athena", "AmazonAthena.GetQueryResults", new JsonObject { ["QueryExecutionId"] = answered });
        var rows = results["ResultSet"]!["Rows"]!.AsArray().Select(
            row => row!["Data"]!.AsArray().Select(value => value!["VarCharValue"]?.GetValue<string>()).ToArray()).ToArray();
        rows.Should().HaveCount(2);
        rows[0].Should().Equal("n", "t", "nothing", "d");
        rows[1].Should().Equal("1", "it \"is\"", null, "1.50");
        results["ResultSet"]!["ResultSetMetadata"]!["ColumnInfo"]!.AsArray()
            .Select(column => column!["Type"]!.GetValue<string>())
            .Should()
            .Equal("integer", "varchar", "varchar", "decimal(5,2)");
        await StateAsync(endless, "CANCELLED");
    }

    [Fact]
    public async Task A_killed_engine_fails_the_query_that_it_had_and_another_answers_the_next()
    {
        await _gateway.PutAsync("results", "before", []);
        await StateAsync(await StartAsync("VALUES 1"), "SUCCEEDED");
        var endless = await StartAsync("SELECT sum(a.id * b.id) FROM range(10000000) a CROSS JOIN range(10000000) b");
        await StateAsync(endless, "RUNNING");
        using (var engine = System.Diagnostics.Process.GetProcessById((await _gateway.ProcessesAsync("athena")).Single()))
        {
            engine.Kill();
        }

        var failure = await StateAsync(endless, "FAILED");
        failure["StateChangeReason"]!.GetValue<string>().Should().StartWith("The query engine ended.");
        await StateAsync(await StartAsync("VALUES 2"), "SUCCEEDED");
    }

    private async Task<string> StartAsync(string sql)
    {
        var (status, body) = await _gateway.JsonAsync("athena", "AmazonAthena.StartQueryExecution", new JsonObject
        {
            ["QueryString"] = sql,
            ["ResultConfiguration"] = new JsonObject { ["OutputLocation"] = "s3://results/athena" },
        });
        status.Should().Be(200, body.ToJsonString());
        return body["QueryExecutionId"]!.GetValue<string>();
    }

    private async Task<JsonNode> StateAsync(string query, string state)
    {
        JsonNode? status = null;
        await Eventually.TrueAsync($"query {query} is {state}", async () =>
        {
            var (_, body) = await _gateway.JsonAsync(
                "athena", "AmazonAthena.GetQueryExecution", new JsonObject { ["QueryExecutionId"] = query });
            status = body["QueryExecution"]!["Status"]!;
            return (status["State"]!.GetValue<string>() == state, status.ToJsonString());
        });
        return status!;
    }
}
