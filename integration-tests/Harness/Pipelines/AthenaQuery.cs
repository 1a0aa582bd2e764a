using Amazon.Athena;
using Amazon.Athena.Model;
using Cdc.Harness.Waiting;

namespace Cdc.Harness.Pipelines;

/// <summary>Queries over a pipeline's final tables.</summary>
public sealed class AthenaQuery(AmazonAthenaClient athena, string database, string workGroup)
{
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(5);

    /// <exception cref="AthenaQueryException">The query failed; the message is Athena's.</exception>
    public async Task<ResultSet> RunAsync(string sql, CancellationToken cancellationToken)
    {
        var id = await athena.StartQueryExecutionAsync(sql, database, workGroup, cancellationToken);
        var query = await Eventually.BecomesAsync(
            "Athena has answered",
            token => athena.GetQueryExecutionAsync(id, token),
            seen => seen.IsOver,
            Limit,
            cancellationToken,
            TimeSpan.FromMilliseconds(100));
        return query.State == "SUCCEEDED"
            ? await athena.GetQueryResultsAsync(id, cancellationToken)
            : throw new AthenaQueryException($"{query.State}: {query.StateChangeReason} ({sql})");
    }
}
