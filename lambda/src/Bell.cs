using System.Text.Json;
using System.Text.Json.Nodes;
using Amazon.Glue.Model;

namespace Doorbell;

/// <summary>
/// The doorbell. S3 events are at least once and unordered, so an event is no work list: it only means that there may be work. A run that a
/// doorbell started and that has not begun to list will see the object; else a run is started, and Glue's queue holds it back while one
/// works.
/// </summary>
internal sealed class Bell(IJobRuns runs, TextWriter log)
{
    /// <summary>
    /// Marks a run as started by a doorbell. A run by hand may have another purpose, and says nothing about what it will list.
    /// </summary>
    public const string Argument = "--doorbell";

    /// <summary>Handles one event.</summary>
    /// <returns>What was done: <c>action</c> is <c>started</c> or <c>waiting</c>, <c>runId</c> the run that will see the objects.</returns>
    /// <exception cref="UnknownEventException">The event is not understood.</exception>
    /// <exception cref="Amazon.Runtime.AmazonServiceException">Glue refused; Lambda tries the event again.</exception>
    public async Task<JsonObject> RingAsync(JsonElement @event, CancellationToken cancellationToken)
    {
        var objects = S3Events.Read(@event);
        var pending = (await runs.LatestAsync(cancellationToken)).FirstOrDefault(WillListLater);
        var (action, runId) = pending is null ? ("started", await runs.StartAsync(cancellationToken)) : ("waiting", pending.Id);
        var first = objects.Count > 0 ? $"s3://{objects[0].Bucket}/{objects[0].Key}" : "none";
        await log.WriteLineAsync($"objects={objects.Count} first={first} action={action} run={runId}");
        return new JsonObject { ["action"] = action, ["runId"] = runId };
    }

    private static bool WillListLater(JobRun run) => run.JobRunState is "WAITING" or "STARTING" && run.Arguments.ContainsKey(Argument);
}
