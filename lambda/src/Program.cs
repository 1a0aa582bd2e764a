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
    var configuration = DoorbellConfiguration.Read(Environment.GetEnvironmentVariable);
    var log = new DoorbellLog(Console.Out, configuration, TimeProvider.System);
    var runs = new GlueJobRuns(glue, configuration.JobName);
    // Beside the first wait for an event: what it prepares need not be prepared while the event waits.
    _ = WarmUpAsync(runs, log);
    var retry = new Retry(TimeProvider.System, Random.Shared.NextDouble);
    return new Function(new Bell(runs, configuration.JobName, retry, TimeProvider.System), log).HandleAsync;
});
return await bootstrap.RunAsync(CancellationToken.None);

static async Task WarmUpAsync(GlueJobRuns runs, DoorbellLog log)
{
    if (await runs.WarmUpAsync(CancellationToken.None) is { } problem)
    {
        log.Warn($"Glue could not be asked before the first event: {problem}");
    }
}
