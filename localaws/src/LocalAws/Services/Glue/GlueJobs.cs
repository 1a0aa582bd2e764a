using System.Text.Json.Nodes;
using LocalAws.Protocols;
using LocalAws.Routing;

namespace LocalAws.Services.Glue;

/// <summary>Jobs as they are defined.</summary>
internal sealed class GlueJobs(ScopedStore<GlueState> store, GlueJobRunner runner, TimeProvider clock)
{
    public const int DefaultTimeoutMinutes = 480;

    public JsonObject Create(AwsScope scope, JsonObject input)
    {
        var name = input.Required("Name", "InvalidInputException");
        var definition = Definition(input);
        var state = store[scope];
        lock (state.Gate)
        {
            var now = clock.GetUtcNow();
            var job = new GlueJob { Scope = scope, Name = name, Definition = definition, CreatedOn = now, LastModifiedOn = now };
            if (!state.Jobs.TryAdd(name, job))
            {
                throw new AwsException("AlreadyExistsException", $"Job with name {name} already exists.");
            }

            state.Tags.Create(job.Arn, input.TagMap());
        }

        return new JsonObject { ["Name"] = name };
    }

    public JsonObject Update(AwsScope scope, JsonObject input)
    {
        var job = Find(scope, input.Required("JobName", "InvalidInputException"));
        job.Definition = Definition(
            (JsonObject)(input["JobUpdate"] ?? throw new AwsException("InvalidInputException", "The request must contain JobUpdate.")));
        job.LastModifiedOn = clock.GetUtcNow();
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

    public JsonObject Delete(AwsScope scope, JsonObject input)
    {
        var name = input.Required("JobName");
        var state = store[scope];
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
            runner.Advance(job);
        }

        return new JsonObject { ["JobName"] = name };
    }

    public JsonObject Get(AwsScope scope, JsonObject input) => new() { ["Job"] = Describe(Find(scope, input.Required("JobName"))) };

    public JsonObject GetAll(AwsScope scope, JsonObject input) => new() { ["Jobs"] = new JsonArray([.. Jobs(scope).Select(Describe)]) };

    public JsonObject List(AwsScope scope, JsonObject input) =>
        new() { ["JobNames"] = new JsonArray([.. Jobs(scope).Select(job => (JsonNode)job.Name)]) };

    private List<GlueJob> Jobs(AwsScope scope)
    {
        lock (store[scope].Gate)
        {
            return [.. store[scope].Jobs.Values];
        }
    }

    /// <exception cref="AwsException">EntityNotFoundException.</exception>
    public GlueJob Find(AwsScope scope, string name)
    {
        lock (store[scope].Gate)
        {
            return store[scope].Jobs.GetValueOrDefault(name) ?? throw new AwsException(
                "EntityNotFoundException", $"Entity not found: no job {name} in {scope.Region}.");
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
