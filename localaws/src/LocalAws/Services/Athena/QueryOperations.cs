using System.Text.Json.Nodes;
using LocalAws.Protocols;
using LocalAws.Routing;

namespace LocalAws.Services.Athena;

/// <summary>Queries as the API starts, shows and stops them; <see cref="QueryRunner"/> carries them out.</summary>
internal sealed class QueryOperations(
    ScopedStore<AthenaState> store, WorkGroupOperations workGroups, QueryRunner runner, TimeProvider clock)
{
    private const int MostRowsAPage = 1000;

    public JsonObject Start(AwsScope scope, JsonObject input)
    {
        var state = store[scope];
        if (input.Text("ClientRequestToken") is { } token && state.Tokens.TryGetValue(token, out var known))
        {
            return new JsonObject { ["QueryExecutionId"] = known };
        }

        var groupName = input.Text("WorkGroup") ?? "primary";
        var query = new QueryExecution
        {
            Sql = input.Required("QueryString", "InvalidRequestException"),
            WorkGroup = groupName,
            Database = input["QueryExecutionContext"]?["Database"]?.GetValue<string>(),
            OutputFolder = Location(workGroups.Find(scope, groupName), groupName, input),
            Submitted = clock.GetUtcNow(),
        };
        state.Queries[query.Id] = query;
        if (input.Text("ClientRequestToken") is { } newToken)
        {
            state.Tokens[newToken] = query.Id;
        }

        runner.Start(scope, query);
        return new JsonObject { ["QueryExecutionId"] = query.Id };
    }

    public JsonObject Get(AwsScope scope, JsonObject input) =>
        new() { ["QueryExecution"] = Find(scope, input).Describe(clock.GetUtcNow()) };

    public JsonObject List(AwsScope scope, JsonObject input) => new()
    {
        ["QueryExecutionIds"] = new JsonArray(
            [.. store[scope].Queries.Values.OrderByDescending(query => query.Submitted).Select(query => (JsonNode)query.Id)]),
    };

    public JsonObject Stop(AwsScope scope, JsonObject input)
    {
        var query = Find(scope, input);
        if (query.End("CANCELLED", null, clock.GetUtcNow()))
        {
            query.Stopping.Cancel();
        }

        return [];
    }

    /// <summary>For a SELECT the first row of the first page is the header, and it counts as a row of that page.</summary>
    public JsonObject Results(AwsScope scope, JsonObject input)
    {
        var query = Find(scope, input);
        if (query.State != "SUCCEEDED")
        {
            throw new AwsException("InvalidRequestException", query.IsOver
                ? $"Query did not finish successfully. Final query state: {query.State}"
                : $"Query has not yet finished. Current state: {query.State}");
        }

        // The list itself: a result that is dropped meanwhile is dropped by another list in its place.
        var rows = query.Rows;
        if (query.IsDropped)
        {
            throw new AwsException(
                "InvalidRequestException",
                $"The local AWS keeps the rows of the last {QueryRunner.MostResultsKept} queries. The result of this one is in "
                + $"{query.OutputLocation}.");
        }

        var page = input.Integer("MaxResults") ?? MostRowsAPage;
        var offset = input.Offset("NextToken");
        var header = offset == 0 ? new IReadOnlyList<string?>[] { [.. query.Columns.Select(column => column.Text("name"))] } : [];
        var taken = rows.Skip(offset).Take(page - header.Length).ToList();
        var output = new JsonObject
        {
            ["UpdateCount"] = 0,
            ["ResultSet"] = new JsonObject
            {
                ["Rows"] = new JsonArray([.. header.Concat(taken).Select(Row)]),
                ["ResultSetMetadata"] = new JsonObject { ["ColumnInfo"] = new JsonArray([.. query.Columns.Select(ColumnInfo)]) },
            },
        };
        if (offset + taken.Count < rows.Count)
        {
            output["NextToken"] = $"{offset + taken.Count}";
        }

        return output;
    }

    private static string Location(JsonObject group, string groupName, JsonObject input)
    {
        var configuration = group["Configuration"];
        var groups = configuration?["ResultConfiguration"]?["OutputLocation"]?.GetValue<string>();
        var own = input["ResultConfiguration"]?["OutputLocation"]?.GetValue<string>();
        var isEnforced = configuration?["EnforceWorkGroupConfiguration"]?.GetValue<bool>() ?? true;
        var location = (isEnforced ? groups ?? own : own ?? groups) ?? throw new AwsException(
            "InvalidRequestException",
            $"No output location provided. An output location is required either through the Workgroup {groupName} result configuration "
            + "setting or as an API input.");
        return location.StartsWith("s3://", StringComparison.Ordinal)
            ? location.TrimEnd('/')
            : throw new AwsException("InvalidRequestException", $"outputLocation is not a valid S3 path: {location}");
    }

    private static JsonNode Row(IReadOnlyList<string?> values) => new JsonObject
    {
        ["Data"] = new JsonArray(
            [.. values.Select(value => value is null ? new JsonObject() : new JsonObject { ["VarCharValue"] = value })]),
    };

    private static JsonNode ColumnInfo(JsonObject column) => new JsonObject
    {
        ["CatalogName"] = "hive",
        ["SchemaName"] = "",
        ["TableName"] = "",
        ["Name"] = column.Text("name"),
        ["Label"] = column.Text("name"),
        ["Type"] = column.Text("type"),
        ["Precision"] = column.Integer("precision") ?? 0,
        ["Scale"] = column.Integer("scale") ?? 0,
        ["Nullable"] = "UNKNOWN",
        ["CaseSensitive"] = column.Text("type") == "varchar",
    };

    private QueryExecution Find(AwsScope scope, JsonObject input)
    {
        var id = input.Required("QueryExecutionId", "InvalidRequestException");
        return store[scope].Queries.GetValueOrDefault(id)
            ?? throw new AwsException("InvalidRequestException", $"QueryExecution {id} was not found");
    }
}
