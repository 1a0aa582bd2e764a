using System.Text.Json.Nodes;
using LocalAws.Protocols;
using LocalAws.Routing;

namespace LocalAws.Services.Glue;

/// <summary>Jobs and their runs. The catalog beside them is moto's, but for <see cref="GlueCatalogService"/>.</summary>
internal sealed class GlueJobService : JsonService
{
    private const int DefaultTimeoutMinutes = 480;

    private readonly ScopedStore<GlueState> _store;
    private readonly GlueJobRunner _runner;
    private readonly TimeProvider _clock;

    public GlueJobService(ScopedStore<GlueState> store, GlueJobRunner runner, TimeProvider clock)
        : base("glue")
    {
        (_store, _runner, _clock) = (store, runner, clock);
        On("CreateJob", CreateJob);
        On("UpdateJob", UpdateJob);
        On("GetJob", (scope, input) => new JsonObject { ["Job"] = Describe(Job(scope, input.Required("JobName"))) });
        On("GetJobs", (scope, _) => new JsonObject { ["Jobs"] = new JsonArray([.. Jobs(scope).Select(Describe)]) });
        On("ListJobs", (scope, _) => new JsonObject { ["JobNames"] = new JsonArray([.. Jobs(scope).Select(job => (JsonNode)job.Name)]) });
        On("DeleteJob", DeleteJob);
        On("StartJobRun", StartJobRun);
        On("GetJobRun", GetJobRun);
        On("GetJobRuns", GetJobRuns);
        On("BatchStopJobRun", BatchStopJobRun);
        On(
            "GetTags",
            (scope, input) => new JsonObject { ["Tags"] = TagJson.Map(_store[scope].Tags.Find(Arn(input)) ?? throw NotTagged(input)) });
        On("TagResource", (scope, input) => _store[scope].Tags.Add(Arn(input), input.TagMap("TagsToAdd")) ? [] : throw NotTagged(input));
        On(
            "UntagResource",
            (scope, input) => _store[scope].Tags.Remove(Arn(input), input.Strings("TagsToRemove")) ? [] : throw NotTagged(input));
    }

    private JsonObject CreateJob(AwsScope scope, JsonObject input)
    {
        var name = input.Required("Name", "InvalidInputException");
        var definition = Definition(input);
        var state = _store[scope];
        lock (state.Gate)
        {
            var now = _clock.GetUtcNow();
            var job = new GlueJob { Scope = scope, Name = name, Definition = definition, CreatedOn = now, LastModifiedOn = now };
            if (!state.Jobs.TryAdd(name, job))
            {
                throw new AwsException("AlreadyExistsException", $"Job with name {name} already exists.");
            }

            state.Tags.Create(job.Arn, input.TagMap());
        }

        return new JsonObject { ["Name"] = name };
    }

    private JsonObject UpdateJob(AwsScope scope, JsonObject input)
    {
        var job = Job(scope, input.Required("JobName", "InvalidInputException"));
        job.Definition = Definition(
            (JsonObject)(input["JobUpdate"] ?? throw new AwsException("InvalidInputException", "The request must contain JobUpdate.")));
        job.LastModifiedOn = _clock.GetUtcNow();
        return new JsonObject { ["JobName"] = job.Name };
    }

    private static JsonObject Definition(JsonObject input)
    {
        var definition = (JsonObject)input.DeepClone();
        definition.Remove("Name");
        definition.Remove("Tags");
        var command = definition["Command"] as JsonObject ?? throw new AwsException("InvalidInputException", "The job has no Command.");
        if (command.Text("Name") is not "glueetl")
        {
            throw AwsException.NotImplemented("glue", $"a job with the command {command.Text("Name")} (glueetl is)");
        }

        command["PythonVersion"] ??= "3";
        // Queuing with retries is refused by Glue too: a job that waits may not be retried.
        if ((definition.Boolean("JobRunQueuingEnabled") ?? false) && (definition.Integer("MaxRetries") ?? 0) > 0)
        {
            throw new AwsException("InvalidInputException", "Job run queuing is available only for jobs with MaxRetries 0.");
        }

        definition["JobRunQueuingEnabled"] ??= false;
        definition["ExecutionClass"] ??= "STANDARD";
        definition["Timeout"] ??= DefaultTimeoutMinutes;
        definition["MaxRetries"] ??= 0;
        definition["ExecutionProperty"] ??= new JsonObject { ["MaxConcurrentRuns"] = 1 };
        if (definition.Integer("NumberOfWorkers") is { } workers)
        {
            definition["MaxCapacity"] = (double)workers;
        }

        return definition;
    }

    private JsonObject DeleteJob(AwsScope scope, JsonObject input)
    {
        var name = input.Required("JobName");
        var state = _store[scope];
        GlueJob? job;
        List<GlueJobRun> unfinished;
        lock (state.Gate)
        {
            unfinished = state.Jobs.Remove(name, out job) ? [.. job.Runs.Where(run => !run.IsOver)] : [];
        }

        // Outside of the gate: what waits for the token goes on in this thread.
        foreach (var run in unfinished)
        {
            run.Stopping.Cancel();
        }

        if (job is not null)
        {
            state.Tags.Forget(job.Arn);
            _runner.Advance(job);
        }

        return new JsonObject { ["JobName"] = name };
    }

    private JsonObject StartJobRun(AwsScope scope, JsonObject input)
    {
        GlueJob job;
        GlueJobRun run;
        // The job is looked up where its run is added: a job that is deleted meanwhile starts no run.
        lock (_store[scope].Gate)
        {
            job = Job(scope, input.Required("JobName"));
            var now = _clock.GetUtcNow();
            run = new GlueJobRun
            {
                Job = job,
                Arguments = GlueJob.Arguments(input["Arguments"]),
                TimeoutMinutes = input.Integer("Timeout") ?? job.Definition.Integer("Timeout") ?? DefaultTimeoutMinutes,
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

        _runner.Advance(job);
        return new JsonObject { ["JobRunId"] = run.Id };
    }

    private JsonObject GetJobRun(AwsScope scope, JsonObject input)
    {
        lock (_store[scope].Gate)
        {
            return new JsonObject { ["JobRun"] = Run(scope, input).Describe(_clock.GetUtcNow()) };
        }
    }

    private JsonObject GetJobRuns(AwsScope scope, JsonObject input)
    {
        var job = Job(scope, input.Required("JobName"));
        var offset = int.TryParse(input.Text("NextToken"), out var token) ? token : 0;
        var most = input.Integer("MaxResults") ?? 200;
        lock (_store[scope].Gate)
        {
            var now = _clock.GetUtcNow();
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

    private JsonObject BatchStopJobRun(AwsScope scope, JsonObject input)
    {
        var job = Job(scope, input.Required("JobName"));
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

        _runner.Advance(job);
        return new JsonObject { ["SuccessfulSubmissions"] = stopped, ["Errors"] = errors };
    }

    private GlueJobRun? Unfinished(GlueJob job, string id)
    {
        lock (_store[job.Scope].Gate)
        {
            return job.Runs.FirstOrDefault(run => run.Id == id && !run.IsOver);
        }
    }

    private static string Arn(JsonObject input) => input.Required("ResourceArn");

    private static AwsException NotTagged(JsonObject input)
    {
        var arn = Arn(input);
        return arn.Contains(":job/", StringComparison.Ordinal) || arn.Contains(":database/", StringComparison.Ordinal)
            ? new AwsException("EntityNotFoundException", $"Entity not found: {arn}.")
            : AwsException.NotImplemented("glue", $"tags of {arn}");
    }

    private List<GlueJob> Jobs(AwsScope scope)
    {
        lock (_store[scope].Gate)
        {
            return [.. _store[scope].Jobs.Values];
        }
    }

    private GlueJob Job(AwsScope scope, string name)
    {
        lock (_store[scope].Gate)
        {
            return _store[scope].Jobs.GetValueOrDefault(name) ?? throw new AwsException(
                "EntityNotFoundException", $"Entity not found: no job {name} in {scope.Region}.");
        }
    }

    private GlueJobRun Run(AwsScope scope, JsonObject input)
    {
        var job = Job(scope, input.Required("JobName"));
        var id = input.Required("RunId");
        lock (_store[scope].Gate)
        {
            return job.Runs.FirstOrDefault(run => run.Id == id) ?? throw new AwsException(
                "EntityNotFoundException", $"Entity not found: no run {id} of {job.Name}.");
        }
    }

    private static JsonNode Describe(GlueJob job)
    {
        var output = (JsonObject)job.Definition.DeepClone();
        output["Name"] = job.Name;
        output["JobMode"] = "SCRIPT";
        output["CreatedOn"] = JsonInput.Epoch(job.CreatedOn);
        output["LastModifiedOn"] = JsonInput.Epoch(job.LastModifiedOn);
        return output;
    }
}
