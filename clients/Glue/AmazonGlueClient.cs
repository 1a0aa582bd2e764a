using System.Text.Json.Nodes;
using Amazon.Glue.Model;
using Amazon.Thin;

namespace Amazon.Glue;

/// <summary>Jobs and runs of AWS Glue.</summary>
public sealed class AmazonGlueClient() : JsonServiceClient("Glue", "glue", "AWSGlue")
{
    /// <summary>Starts a run; with queuing on it may wait.</summary>
    /// <returns>The run's id.</returns>
    public async Task<string> StartJobRunAsync(string jobName, IReadOnlyDictionary<string, string> arguments, CancellationToken cancellationToken)
    {
        var input = new JsonObject
        {
            ["JobName"] = jobName,
            ["Arguments"] = new JsonObject(arguments.Select(item => KeyValuePair.Create(item.Key, (JsonNode?)item.Value))),
        };
        var output = await InvokeAsync("StartJobRun", input, cancellationToken).ConfigureAwait(false);
        return output["JobRunId"]!.GetValue<string>();
    }

    /// <summary>The latest runs of a job, newest first.</summary>
    public async Task<IReadOnlyList<JobRun>> GetJobRunsAsync(string jobName, int maxResults, CancellationToken cancellationToken)
    {
        var output = await InvokeAsync("GetJobRuns", new JsonObject { ["JobName"] = jobName, ["MaxResults"] = maxResults }, cancellationToken).ConfigureAwait(false);
        return [.. (output["JobRuns"] as JsonArray ?? []).Select(run => Read((JsonObject)run!))];
    }

    public async Task<JobRun> GetJobRunAsync(string jobName, string runId, CancellationToken cancellationToken)
    {
        var output = await InvokeAsync("GetJobRun", new JsonObject { ["JobName"] = jobName, ["RunId"] = runId }, cancellationToken).ConfigureAwait(false);
        return Read((JsonObject)output["JobRun"]!);
    }

    private static JobRun Read(JsonObject run) => new(
        run["Id"]!.GetValue<string>(),
        run["JobRunState"]!.GetValue<string>(),
        (run["Arguments"] as JsonObject ?? []).ToDictionary(item => item.Key, item => item.Value!.GetValue<string>(), StringComparer.Ordinal),
        Time(run["StartedOn"]),
        Time(run["CompletedOn"]),
        run["ErrorMessage"]?.GetValue<string>());

    private static DateTimeOffset? Time(JsonNode? seconds) =>
        seconds is null ? null : DateTimeOffset.UnixEpoch.AddSeconds(seconds.GetValue<double>());
}
