using System.Text.Json.Nodes;
using LocalAws.Moto;
using LocalAws.Protocols;
using LocalAws.Routing;

namespace LocalAws.Services.Athena;

/// <summary>Athena's API for queries and work groups; a SELECT is carried out by <see cref="AthenaEngine"/>.</summary>
internal sealed class AthenaService : JsonService
{
    private const int MostRowsAPage = 1000;
    private const int MostResultsKept = 20;

    private readonly ScopedStore<AthenaState> _store;
    private readonly AthenaEngine _engine;
    private readonly MotoClient _moto;
    private readonly ILogger<AthenaService> _logger;

    public AthenaService(ScopedStore<AthenaState> store, AthenaEngine engine, MotoClient moto, ILogger<AthenaService> logger)
        : base("athena")
    {
        (_store, _engine, _moto, _logger) = (store, engine, moto, logger);
        On("StartQueryExecution", Start);
        On("GetQueryExecution", (scope, input) => new JsonObject { ["QueryExecution"] = Query(scope, input).Describe() });
        On("GetQueryResults", Results);
        On("StopQueryExecution", Stop);
        On("ListQueryExecutions", (scope, _) => new JsonObject
        {
            ["QueryExecutionIds"] = new JsonArray(
                [.. _store[scope].Queries.Values.OrderByDescending(query => query.Submitted).Select(query => (JsonNode)query.Id)]),
        });
        On("CreateWorkGroup", CreateWorkGroup);
        On("GetWorkGroup", (scope, input) => new JsonObject { ["WorkGroup"] = WorkGroup(scope, input.Required("WorkGroup")).DeepClone() });
        On("UpdateWorkGroup", UpdateWorkGroup);
        On("DeleteWorkGroup", DeleteWorkGroup);
        On("ListWorkGroups", (scope, _) => new JsonObject
        {
            ["WorkGroups"] = new JsonArray(
                [.. _store[scope].WorkGroups.Values.Select(group => new JsonObject { ["Name"] = group.Text("Name"), ["State"] = group.Text("State") })]),
        });
        On("ListTagsForResource", (scope, input) => new JsonObject
        {
            ["Tags"] = new JsonArray([.. Tags(scope, input).Select(tag => new JsonObject { ["Key"] = tag.Key, ["Value"] = tag.Value })]),
        });
        On("TagResource", TagResource);
        On("UntagResource", (scope, input) =>
        {
            foreach (var name in input.Strings("TagKeys"))
            {
                Tags(scope, input).Remove(name);
            }

            return [];
        });
    }

    private JsonObject Start(AwsScope scope, JsonObject input)
    {
        var state = _store[scope];
        if (input.Text("ClientRequestToken") is { } token && state.Tokens.TryGetValue(token, out var known))
        {
            return new JsonObject { ["QueryExecutionId"] = known };
        }

        var groupName = input.Text("WorkGroup") ?? "primary";
        var configuration = WorkGroup(scope, groupName)["Configuration"];
        var groupLocation = configuration?["ResultConfiguration"]?["OutputLocation"]?.GetValue<string>();
        var enforced = configuration?["EnforceWorkGroupConfiguration"]?.GetValue<bool>() ?? true;
        var ownLocation = input["ResultConfiguration"]?["OutputLocation"]?.GetValue<string>();
        var location = (enforced ? groupLocation ?? ownLocation : ownLocation ?? groupLocation)
            ?? throw new AwsException(
                "InvalidRequestException",
                $"No output location provided. An output location is required either through the Workgroup {groupName} result configuration setting or as an API input.");
        var query = new QueryExecution
        {
            Sql = input.Required("QueryString", "InvalidRequestException"),
            WorkGroup = groupName,
            Database = input["QueryExecutionContext"]?["Database"]?.GetValue<string>(),
        };
        query.OutputLocation = $"{location.TrimEnd('/')}/{query.Id}.csv";
        state.Queries[query.Id] = query;
        if (input.Text("ClientRequestToken") is { } newToken)
        {
            state.Tokens[newToken] = query.Id;
        }

        _ = Task.Run(() => CarryOutAsync(scope, query));
        return new JsonObject { ["QueryExecutionId"] = query.Id };
    }

    private async Task CarryOutAsync(AwsScope scope, QueryExecution query)
    {
        try
        {
            query.Started = DateTimeOffset.UtcNow;
            lock (query)
            {
                query.Stopping.Token.ThrowIfCancellationRequested();
                query.State = "RUNNING";
            }

            await foreach (var answer in _engine.AskAsync(scope, query.Id, query.Sql, query.Database, query.Stopping.Token))
            {
                if (answer.Text("error") is { } error)
                {
                    query.ErrorCategory = answer.Integer("category") ?? query.ErrorCategory;
                    End(query, "FAILED", error);
                    return;
                }

                if (answer["columns"] is JsonArray columns)
                {
                    query.Columns = [.. columns.Select(column => (JsonObject)column!.DeepClone())];
                }

                foreach (var row in answer["rows"] as JsonArray ?? [])
                {
                    query.Rows.Add([.. row!.AsArray().Select(value => value?.GetValue<string>())]);
                }
            }

            await WriteResultAsync(scope, query);
            End(query, "SUCCEEDED", null);
            DropOldResults(scope);
        }
        catch (OperationCanceledException) when (query.Stopping.IsCancellationRequested)
        {
            query.Drop();
        }
        catch (Exception failure)
        {
            query.ErrorCategory = 1;
            _logger.LogWarning(failure, "Query {Id} failed", query.Id);
            End(query, "FAILED", failure.Message);
        }
    }

    private async Task WriteResultAsync(AwsScope scope, QueryExecution query)
    {
        var location = query.OutputLocation!["s3://".Length..].Split('/', 2);
        using var content = new ByteArrayContent(ResultCsv.Write(query.Columns.Select(column => column.Required("name")), query.Rows));
        using var answer = await _moto.S3Async(scope, HttpMethod.Put, location[0], location[1], CancellationToken.None, content);
        if (!answer.IsSuccessStatusCode)
        {
            throw new InvalidOperationException($"The result cannot be written to {query.OutputLocation}: S3 answered {(int)answer.StatusCode}.");
        }
    }

    private void DropOldResults(AwsScope scope)
    {
        foreach (var old in _store[scope].Queries.Values.Where(query => query is { State: "SUCCEEDED", IsDropped: false }).OrderByDescending(query => query.Submitted).Skip(MostResultsKept))
        {
            old.Drop();
        }
    }

    private static void End(QueryExecution query, string state, string? reason)
    {
        lock (query)
        {
            if (query.State == "CANCELLED")
            {
                return;
            }

            query.Reason = reason;
            query.Completed = DateTimeOffset.UtcNow;
            query.State = state;
        }
    }

    private JsonObject Stop(AwsScope scope, JsonObject input)
    {
        var query = Query(scope, input);
        if (query.State is "QUEUED" or "RUNNING")
        {
            End(query, "CANCELLED", null);
            query.Stopping.Cancel();
        }

        return [];
    }

    /// <summary>For a SELECT the first row of the first page is the header, and it counts as a row of that page.</summary>
    private JsonObject Results(AwsScope scope, JsonObject input)
    {
        var query = Query(scope, input);
        if (query.State != "SUCCEEDED")
        {
            throw new AwsException("InvalidRequestException", query.State is "QUEUED" or "RUNNING"
                ? $"Query has not yet finished. Current state: {query.State}"
                : $"Query did not finish successfully. Final query state: {query.State}");
        }

        if (query.IsDropped)
        {
            throw new AwsException(
                "InvalidRequestException",
                $"The local AWS keeps the rows of the last {MostResultsKept} queries. The result of this one is in {query.OutputLocation}.");
        }

        var page = input.Integer("MaxResults") ?? MostRowsAPage;
        var offset = int.TryParse(input.Text("NextToken"), out var token) ? token : 0;
        var header = offset == 0 ? new IReadOnlyList<string?>[] { [.. query.Columns.Select(column => column.Text("name"))] } : [];
        var taken = query.Rows.Skip(offset).Take(page - header.Length).ToList();
        var output = new JsonObject
        {
            ["UpdateCount"] = 0,
            ["ResultSet"] = new JsonObject
            {
                ["Rows"] = new JsonArray([.. header.Concat(taken).Select(Row)]),
                ["ResultSetMetadata"] = new JsonObject { ["ColumnInfo"] = new JsonArray([.. query.Columns.Select(ColumnInfo)]) },
            },
        };
        if (offset + taken.Count < query.Rows.Count)
        {
            output["NextToken"] = $"{offset + taken.Count}";
        }

        return output;
    }

    private static JsonNode Row(IReadOnlyList<string?> values) => new JsonObject
    {
        ["Data"] = new JsonArray([.. values.Select(value => value is null ? new JsonObject() : new JsonObject { ["VarCharValue"] = value })]),
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

    private JsonObject CreateWorkGroup(AwsScope scope, JsonObject input)
    {
        var name = input.Required("Name", "InvalidRequestException");
        var configuration = input["Configuration"]?.DeepClone() as JsonObject ?? [];
        configuration["EngineVersion"] = new JsonObject { ["SelectedEngineVersion"] = "AUTO", ["EffectiveEngineVersion"] = "Athena engine version 3" };
        var group = new JsonObject
        {
            ["Name"] = name,
            ["State"] = "ENABLED",
            ["Description"] = input.Text("Description"),
            ["Configuration"] = configuration,
            ["CreationTime"] = JsonInput.Epoch(DateTimeOffset.UtcNow),
        };
        if (!_store[scope].WorkGroups.TryAdd(name, group))
        {
            throw new AwsException("InvalidRequestException", $"WorkGroup already exists: {name}");
        }

        var tags = _store[scope].Tags[scope.Arn("athena", $"workgroup/{name}")] = new Dictionary<string, string>(StringComparer.Ordinal);
        AddTags(tags, input);
        return [];
    }

    private JsonObject UpdateWorkGroup(AwsScope scope, JsonObject input)
    {
        var group = WorkGroup(scope, input.Required("WorkGroup", "InvalidRequestException"));
        if (input["Description"] is { } description)
        {
            group["Description"] = description.DeepClone();
        }

        if (input["State"] is { } state)
        {
            group["State"] = state.DeepClone();
        }

        var configuration = (JsonObject)group["Configuration"]!;
        foreach (var (name, value) in input["ConfigurationUpdates"] as JsonObject ?? [])
        {
            configuration[name == "ResultConfigurationUpdates" ? "ResultConfiguration" : name] = value?.DeepClone();
        }

        return [];
    }

    private JsonObject DeleteWorkGroup(AwsScope scope, JsonObject input)
    {
        var name = input.Required("WorkGroup", "InvalidRequestException");
        var state = _store[scope];
        if (state.Queries.Values.Any(query => query.WorkGroup == name) && !(input.Boolean("RecursiveDeleteOption") ?? false))
        {
            throw new AwsException("InvalidRequestException", $"WorkGroup {name} is not empty");
        }

        state.WorkGroups.TryRemove(name, out _);
        state.Tags.TryRemove(scope.Arn("athena", $"workgroup/{name}"), out _);
        foreach (var query in state.Queries.Values.Where(query => query.WorkGroup == name).ToList())
        {
            state.Queries.TryRemove(query.Id, out _);
        }

        return [];
    }

    private JsonObject TagResource(AwsScope scope, JsonObject input)
    {
        AddTags(Tags(scope, input), input);
        return [];
    }

    private static void AddTags(Dictionary<string, string> tags, JsonObject input)
    {
        foreach (var tag in (input["Tags"] as JsonArray ?? []).OfType<JsonObject>())
        {
            tags[tag.Required("Key")] = tag.Text("Value") ?? "";
        }
    }

    private Dictionary<string, string> Tags(AwsScope scope, JsonObject input) =>
        _store[scope].Tags.GetValueOrDefault(input.Required("ResourceARN")) ?? throw new AwsException(
            "ResourceNotFoundException", $"{input.Required("ResourceARN")} does not exist.");

    private JsonObject WorkGroup(AwsScope scope, string name) =>
        _store[scope].WorkGroups.GetValueOrDefault(name) ?? throw new AwsException("InvalidRequestException", $"WorkGroup is not found: {name}.");

    private QueryExecution Query(AwsScope scope, JsonObject input)
    {
        var id = input.Required("QueryExecutionId", "InvalidRequestException");
        return _store[scope].Queries.GetValueOrDefault(id) ?? throw new AwsException("InvalidRequestException", $"QueryExecution {id} was not found");
    }
}
