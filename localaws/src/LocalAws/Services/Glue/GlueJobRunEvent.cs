using System.Text.Json.Nodes;
using LocalAws.Services.Events;

namespace LocalAws.Services.Glue;

/// <summary>
/// The event by which Glue tells the end of a run:
/// https://docs.aws.amazon.com/glue/latest/dg/automating-awsglue-with-cloudwatch-events.html.
/// </summary>
internal static class GlueJobRunEvent
{
    /// <summary>The event of a run that is over.</summary>
    public static JsonObject Of(GlueJobRun run) => EventBridgeEvent.Of(
        run.Job.Scope,
        "aws.glue",
        "Glue Job State Change",
        new JsonObject
        {
            ["jobName"] = run.Job.Name,
            ["severity"] = run.State switch
            {
                GlueJobRunState.FAILED or GlueJobRunState.ERROR => "ERROR",
                GlueJobRunState.TIMEOUT => "WARN",
                _ => "INFO",
            },
            ["state"] = run.State.ToString(),
            ["jobRunId"] = run.Id,
            ["message"] = run.ErrorMessage ?? $"Job run {run.State.ToString().ToLowerInvariant()}",
        },
        [],
        run.CompletedOn ?? run.LastModifiedOn);
}
