using System.Text.Json.Nodes;
using Amazon.Glue.Model;
using Amazon.Thin;

namespace Amazon.Glue;

/// <summary>Jobs and runs of AWS Glue.</summary>
public sealed class AmazonGlueClient(TimeSpan? attemptTimeout = null) : JsonServiceClient("Glue", "glue", "AWSGlue", attemptTimeout)
{
    /// <summary>Starts a run; with queuing on it may wait.</summary>
    /// <returns>The run's id.</returns>
    public async Task<string> StartJobRunAsync(
        string jobName, IReadOnlyDictionary<string, string> arguments, CancellationToken cancellationToken)
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
        var output = await InvokeAsync(
            "GetJobRuns", new JsonObject { ["JobName"] = jobName, ["MaxResults"] = maxResults }, cancellationToken).ConfigureAwait(false);
        return [.. (output["JobRuns"] as JsonArray ?? []).Select(run => Read((JsonObject)run!))];
    }

    public async Task<JobRun> GetJobRunAsync(string jobName, string runId, CancellationToken cancellationToken)
    {
        var output = await InvokeAsync(
            "GetJobRun", new JsonObject { ["JobName"] = jobName, ["RunId"] = runId }, cancellationToken).ConfigureAwait(false);
        return Read((JsonObject)output["JobRun"]!);
    }

    /// <summary>A job's definition, as AWS documents it; what CreateJob does not take is left out.</summary>
    public async Task<JsonObject> GetJobAsync(string jobName, CancellationToken cancellationToken)
    {
        var output = await InvokeAsync("GetJob", new JsonObject { ["JobName"] = jobName }, cancellationToken).ConfigureAwait(false);
        var job = (JsonObject)output["Job"]!;
        foreach (var member in new[] { "CreatedOn", "LastModifiedOn", "AllocatedCapacity", "MaxCapacity" })
        {
            job.Remove(member);
        }

        output.Remove("Job");
        return job;
    }

    public Task CreateJobAsync(JsonObject job, CancellationToken cancellationToken) => InvokeAsync("CreateJob", job, cancellationToken);

    public Task DeleteJobAsync(string jobName, CancellationToken cancellationToken) =>
        InvokeAsync("DeleteJob", new JsonObject { ["JobName"] = jobName }, cancellationToken);

    public Task CreateDatabaseAsync(string name, CancellationToken cancellationToken) =>
        InvokeAsync("CreateDatabase", new JsonObject { ["DatabaseInput"] = new JsonObject { ["Name"] = name } }, cancellationToken);

    public Task DeleteDatabaseAsync(string name, CancellationToken cancellationToken) =>
        InvokeAsync("DeleteDatabase", new JsonObject { ["Name"] = name }, cancellationToken);

    /// <summary>
    /// A table of the catalog by its parameters, of which Iceberg keeps <c>metadata_location</c>; null when there is none.
    /// </summary>
    public async Task<IReadOnlyDictionary<string, string>?> GetTableParametersAsync(
        string database, string name, CancellationToken cancellationToken)
    {
        try
        {
            var output = await InvokeAsync(
                "GetTable", new JsonObject { ["DatabaseName"] = database, ["Name"] = name }, cancellationToken).ConfigureAwait(false);
            return (output["Table"]!["Parameters"] as JsonObject ?? []).ToDictionary(
                item => item.Key, item => item.Value!.GetValue<string>(), StringComparer.Ordinal);
        }
        catch (Runtime.AmazonServiceException missing) when (missing.ErrorCode == "EntityNotFoundException")
        {
            return null;
        }
    }

    private static JobRun Read(JsonObject run) => new(
        run["Id"]!.GetValue<string>(),
        run["JobRunState"]!.GetValue<string>(),
        (run["Arguments"] as JsonObject ?? []).ToDictionary(
            item => item.Key, item => item.Value!.GetValue<string>(), StringComparer.Ordinal),
        run.Time("StartedOn"),
        run.Time("CompletedOn"),
        run.Text("ErrorMessage"));
}
