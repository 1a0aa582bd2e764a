using System.Text.Json.Nodes;
using Amazon.Athena.Model;
using Amazon.Thin;

namespace Amazon.Athena;

/// <summary>Queries of Amazon Athena.</summary>
public sealed class AmazonAthenaClient() : JsonServiceClient("Athena", "athena", "AmazonAthena")
{
    /// <returns>The query execution's id.</returns>
    public async Task<string> StartQueryExecutionAsync(string sql, string database, string workGroup, CancellationToken cancellationToken)
    {
        var input = new JsonObject
        {
            ["QueryString"] = sql,
            ["QueryExecutionContext"] = new JsonObject { ["Database"] = database },
            ["WorkGroup"] = workGroup,
        };
        return (await InvokeAsync("StartQueryExecution", input, cancellationToken).ConfigureAwait(false)).Required("QueryExecutionId");
    }

    public async Task<QueryExecution> GetQueryExecutionAsync(string id, CancellationToken cancellationToken)
    {
        var query = (JsonObject)(await InvokeAsync(
            "GetQueryExecution", new JsonObject { ["QueryExecutionId"] = id }, cancellationToken).ConfigureAwait(false))["QueryExecution"]!;
        var status = (JsonObject)query["Status"]!;
        return new QueryExecution(id, status.Required("State"), status.Text("StateChangeReason"));
    }

    /// <summary>Every row of the answer, page by page.</summary>
    public async Task<ResultSet> GetQueryResultsAsync(string id, CancellationToken cancellationToken)
    {
        string[] columns = [];
        var rows = new List<IReadOnlyList<string?>>();
        var input = new JsonObject { ["QueryExecutionId"] = id, ["MaxResults"] = 1000 };
        var first = true;
        do
        {
            var page = await InvokeAsync("GetQueryResults", input, cancellationToken).ConfigureAwait(false);
            var set = (JsonObject)page["ResultSet"]!;
            if (first)
            {
                columns = [.. ((JsonObject)set["ResultSetMetadata"]!).Items("ColumnInfo").Select(column => column.Required("Name"))];
            }

            // The first row of the first page holds the names.
            rows.AddRange(
                set.Items("Rows").Skip(first ? 1 : 0).Select(
                    row => (IReadOnlyList<string?>)[.. row.Items("Data").Select(value => value.Text("VarCharValue"))]));
            input["NextToken"] = page.Text("NextToken");
            first = false;
        }
        while (input["NextToken"] is not null);

        return new ResultSet(columns, rows);
    }
}
