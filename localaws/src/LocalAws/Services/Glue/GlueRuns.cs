using System.Text.Json.Nodes;
using LocalAws.Protocols;
using LocalAws.Routing;

namespace LocalAws.Services.Glue;

/// <summary>Runs of jobs as the API starts, shows and stops them; <see cref="GlueJobRunner"/> carries them out.</summary>
internal sealed class GlueRuns(ScopedStore<GlueState> store, GlueJobs jobs, GlueJobRunner runner, TimeProvider clock)
{
    public JsonObject Start(AwsScope scope, JsonObject input)
    {
        GlueJob job;
        GlueJobRun run;
        // The job is looked up where its run is added: a job that is deleted meanwhile starts no run.
        lock (store[scope].Gate)
        {
            job = jobs.Find(scope, input.Required("JobName"));
            var now = clock.GetUtcNow();
            run = new GlueJobRun
            {
                Job = job,
                Arguments = GlueJob.Arguments(input["Arguments"]),
                TimeoutMinutes = input.Integer("Timeout") ?? job.Definition.Integer("Timeout") ?? GlueJobs.DefaultTimeoutMinutes,
                StartedOn = now,
                LastModifiedOn = now,
            };
            var busy = job.Runs.Count(other => !other.IsOver && other.State != GlueJobRunState.WAITING) >= job.MaxConcurrentRuns
                || job.Runs.Any(other => other.State == GlueJobRunState.WAITING);
            if (busy && !(input.Boolean("JobRunQueuingEnabled") ?? job.Queues))
            {
                throw new AwsException("ConcurrentRunsExceededException", $"Concurrent runs exceeded for {job.Name}");
            }

            job.Runs.AddFirst(run);
        }

        runner.Advance(job);
        return new JsonObject { ["JobRunId"] = run.Id };
    }

    public JsonObject Get(AwsScope scope, JsonObject input)
    {
        lock (store[scope].Gate)
        {
            return new JsonObject { ["JobRun"] = Run(scope, input).Describe(clock.GetUtcNow()) };
        }
    }

    public JsonObject List(AwsScope scope, JsonObject input)
    {
        var job = jobs.Find(scope, input.Required("JobName"));
        var offset = input.Offset("NextToken");
        var most = input.Integer("MaxResults") ?? 200;
        lock (store[scope].Gate)
        {
            var now = clock.GetUtcNow();
            var output = new JsonObject
            {
                ["JobRuns"] = new JsonArray([.. job.Runs.Skip(offset).Take(most).Select(run => (JsonNode)run.Describe(now))]),
            };
            if (job.Runs.Count > offset + most)
            {
                output["NextToken"] = $"{offset + most}";
            }

            return output;
        }
    }

    public JsonObject Stop(AwsScope scope, JsonObject input)
    {
        var job = jobs.Find(scope, input.Required("JobName"));
        var stopped = new JsonArray();
        var errors = new JsonArray();
        foreach (var id in input.Strings("JobRunIds"))
        {
            if (Unfinished(job, id) is { } run)
            {
                run.Stopping.Cancel();
                stopped.Add(new JsonObject { ["JobName"] = job.Name, ["JobRunId"] = id });
            }
            else
            {
                errors.Add(new JsonObject
                {
                    ["JobName"] = job.Name,
                    ["JobRunId"] = id,
                    ["ErrorDetail"] = new JsonObject
                    {
                        ["ErrorCode"] = "EntityNotFoundException",
                        ["ErrorMessage"] = $"No run {id} of {job.Name} is in progress.",
                    },
                });
            }
        }

        runner.Advance(job);
        return new JsonObject { ["SuccessfulSubmissions"] = stopped, ["Errors"] = errors };
    }

    private GlueJobRun? Unfinished(GlueJob job, string id)
    {
        lock (store[job.Scope].Gate)
        {
            return job.Runs.FirstOrDefault(run => run.Id == id && !run.IsOver);
        }
    }

    private GlueJobRun Run(AwsScope scope, JsonObject input)
    {
        var job = jobs.Find(scope, input.Required("JobName"));
        var id = input.Required("RunId");
        lock (store[scope].Gate)
        {
            return job.Runs.FirstOrDefault(run => run.Id == id) ?? throw new AwsException(
                "EntityNotFoundException", $"Entity not found: no run {id} of {job.Name}.");
        }
    }
}
