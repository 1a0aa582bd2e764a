using System.Text.Json;
using Amazon.Glue;
using Amazon.Lambda.RuntimeSupport;
using Doorbell;

string Setting(string name) => Environment.GetEnvironmentVariable(name) is { Length: > 0 } value
    ? value
    : throw new InvalidOperationException($"The environment variable {name} is not set.");

using var glue = new AmazonGlueClient();
var bell = new Bell(new GlueJobRuns(glue, Setting("GLUE_JOB_NAME")), Console.Out);
using var bootstrap = new LambdaBootstrap(Setting("AWS_LAMBDA_RUNTIME_API"), async (payload, cancellationToken) =>
{
    using var @event = await JsonDocument.ParseAsync(payload, cancellationToken: cancellationToken);
    return await bell.RingAsync(@event.RootElement, cancellationToken);
});
await bootstrap.RunAsync(CancellationToken.None);
