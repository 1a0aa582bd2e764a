using System.Text.Json;
using Amazon.Glue;
using Amazon.Lambda.RuntimeSupport;
using Doorbell;

var runtimeApi = Environment.GetEnvironmentVariable("AWS_LAMBDA_RUNTIME_API") is { Length: > 0 } api
    ? api
    : throw new InvalidOperationException(
        "The environment variable AWS_LAMBDA_RUNTIME_API is not set: only Lambda, or what stands in for it, starts this program.");
using var glue = new AmazonGlueClient(GlueJobRuns.AttemptTimeout);
using var bootstrap = new LambdaBootstrap(runtimeApi, () =>
{
    var runs = new GlueJobRuns(
        glue,
        Environment.GetEnvironmentVariable("GLUE_JOB_NAME") is { Length: > 0 } name
            ? name
            : throw new InvalidOperationException(
                "The environment variable GLUE_JOB_NAME is not set. "
                + "Set it on the function to the job's name."));
    // Beside the first wait for an event: what it prepares need not be prepared while the event waits.
    _ = runs.WarmUpAsync(CancellationToken.None);
    var bell = new Bell(runs, Console.Out);
    return async (payload, cancellationToken) =>
    {
        using var @event = await JsonDocument.ParseAsync(payload, cancellationToken: cancellationToken);
        return await bell.RingAsync(@event.RootElement, cancellationToken);
    };
});
return await bootstrap.RunAsync(CancellationToken.None);
