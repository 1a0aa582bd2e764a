using System.Collections.Concurrent;
using System.Text.Json.Nodes;
using System.Threading.Channels;
using LocalAws.Moto;
using LocalAws.Protocols;
using LocalAws.Routing;

namespace LocalAws.Services.Logs;

/// <summary>Writes lines of functions, jobs and tasks to CloudWatch Logs, in batches and off the path of what wrote them.</summary>
internal sealed class LogWriter(MotoClient moto, TimeProvider clock, ILogger<LogWriter> logger) : BackgroundService
{
    private sealed record Line(AwsScope Scope, string Group, string Stream, DateTimeOffset Time, string Message);

    private const int MostLinesInABatch = 1000;

    private readonly Channel<Line> _lines = Channel.CreateUnbounded<Line>(new UnboundedChannelOptions { SingleReader = true });
    private readonly ConcurrentDictionary<(AwsScope, string, string), bool> _known = new();

    public void Write(AwsScope scope, string group, string stream, string message) =>
        _lines.Writer.TryWrite(new Line(scope, group, stream, clock.GetUtcNow(), message));

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (await _lines.Reader.WaitToReadAsync(stoppingToken))
        {
            var batch = new List<Line>();
            while (batch.Count < MostLinesInABatch && _lines.Reader.TryRead(out var line))
            {
                batch.Add(line);
            }

            foreach (var stream in batch.GroupBy(line => (line.Scope, line.Group, line.Stream)))
            {
                try
                {
                    await PutAsync(stream.Key.Scope, stream.Key.Group, stream.Key.Stream, [.. stream], stoppingToken);
                }
                catch (Exception failure) when (!stoppingToken.IsCancellationRequested)
                {
                    // Whatever it is: a background service that throws ends the whole program.
                    logger.LogWarning(
                        "{Lines} lines of {Group}/{Stream} are lost: {Message}",
                        stream.Count(),
                        stream.Key.Group,
                        stream.Key.Stream,
                        failure.Message);
                }
            }
        }
    }

    private async Task PutAsync(AwsScope scope, string group, string stream, IReadOnlyList<Line> lines, CancellationToken cancellationToken)
    {
        if (!_known.ContainsKey((scope, group, stream)))
        {
            await CreateAsync(scope, "CreateLogGroup", new JsonObject { ["logGroupName"] = group }, cancellationToken);
            await CreateAsync(
                scope, "CreateLogStream", new JsonObject { ["logGroupName"] = group, ["logStreamName"] = stream }, cancellationToken);
            _known[(scope, group, stream)] = true;
        }

        // CloudWatch Logs refuses an event without text.
        var events = lines.Select(line => (JsonNode)new JsonObject
        {
            ["timestamp"] = line.Time.ToUnixTimeMilliseconds(),
            ["message"] = line.Message.Length == 0 ? " " : line.Message,
        });
        try
        {
            await moto.JsonAsync(
                scope,
                "logs",
                "Logs_20140328.PutLogEvents",
                new JsonObject { ["logGroupName"] = group, ["logStreamName"] = stream, ["logEvents"] = new JsonArray([.. events]) },
                cancellationToken);
        }
        catch (AwsException gone) when (gone.Code == "ResourceNotFoundException")
        {
            // The group was deleted while a program still writes to it. It is not created again.
            logger.LogDebug("{Group} is gone", group);
        }
    }

    private async Task CreateAsync(AwsScope scope, string operation, JsonObject input, CancellationToken cancellationToken)
    {
        try
        {
            await moto.JsonAsync(scope, "logs", "Logs_20140328." + operation, input, cancellationToken);
        }
        catch (AwsException exists) when (exists.Code == "ResourceAlreadyExistsException")
        {
            // Terraform owns it, or another stream made it.
        }
    }
}
