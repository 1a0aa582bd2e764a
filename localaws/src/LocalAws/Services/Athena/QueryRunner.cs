using System.Text.Json.Nodes;
using LocalAws.Moto;
using LocalAws.Protocols;
using LocalAws.Routing;

namespace LocalAws.Services.Athena;

/// <summary>Carries queries out by <see cref="AthenaEngine"/> and writes their results to S3.</summary>
internal sealed class QueryRunner(
    ScopedStore<AthenaState> store, AthenaEngine engine, MotoClient moto, TimeProvider clock, ILogger<QueryRunner> logger)
{
    /// <summary>Of how many queries the rows are kept; those of the others are in S3 only.</summary>
    public const int MostResultsKept = 20;

    public void Start(AwsScope scope, QueryExecution query) => _ = Task.Run(() => CarryOutAsync(scope, query));

    private async Task CarryOutAsync(AwsScope scope, QueryExecution query)
    {
        try
        {
            if (!query.Begin(clock.GetUtcNow()))
            {
                return;
            }

            var rows = new List<IReadOnlyList<string?>>();
            await foreach (var answer in engine.AskAsync(scope, query.Id, query.Sql, query.Database, query.Stopping.Token))
            {
                if (answer.Text("error") is { } error)
                {
                    query.ErrorCategory = answer.Integer("category") ?? query.ErrorCategory;
                    query.End("FAILED", error, clock.GetUtcNow());
                    return;
                }

                if (answer["columns"] is JsonArray columns)
                {
                    query.Columns = [.. columns.Select(column => (JsonObject)column!.DeepClone())];
                }

                rows.AddRange((answer["rows"] as JsonArray ?? []).Select(
                    row => (IReadOnlyList<string?>)[.. row!.AsArray().Select(value => value?.GetValue<string>())]));
            }

            await WriteResultAsync(scope, query, rows);
            query.Rows = rows;
            query.End("SUCCEEDED", null, clock.GetUtcNow());
            DropOldResults(scope);
        }
        catch (OperationCanceledException) when (query.Stopping.IsCancellationRequested)
        {
            logger.LogDebug("Query {Id} was stopped", query.Id);
        }
        catch (Exception failure)
        {
            query.ErrorCategory = 1;
            logger.LogWarning(failure, "Query {Id} failed", query.Id);
            query.End("FAILED", failure.Message, clock.GetUtcNow());
        }
    }

    private async Task WriteResultAsync(AwsScope scope, QueryExecution query, IEnumerable<IReadOnlyList<string?>> rows)
    {
        var location = query.OutputLocation["s3://".Length..].Split('/', 2);
        using var content = new ByteArrayContent(ResultCsv.Write(query.Columns.Select(column => column.Required("name")), rows));
        using var answer = await moto.S3Async(scope, HttpMethod.Put, location[0], location[1], query.Stopping.Token, content);
        if (!answer.IsSuccessStatusCode)
        {
            throw new InvalidOperationException(
                $"The result cannot be written to {query.OutputLocation}: S3 answered {(int)answer.StatusCode}.");
        }
    }

    private void DropOldResults(AwsScope scope)
    {
        var kept = store[scope].Queries.Values.Where(query => query is { State: "SUCCEEDED", IsDropped: false });
        foreach (var old in kept.OrderByDescending(query => query.Submitted).Skip(MostResultsKept))
        {
            old.Drop();
        }
    }
}
