using System.Collections.Immutable;
using System.Text.Json.Nodes;
using LocalAws.Protocols;
using LocalAws.Routing;

namespace LocalAws.Services.Sqs;

/// <summary>Redrive of dead-letter queues, which moto does not have.</summary>
internal sealed class MessageMoveService : JsonService
{
    private const int DefaultResults = 1;

    private readonly QueueClient _queues;
    private readonly TimeProvider _clock;
    private readonly CancellationToken _stopping;
    private ImmutableList<MessageMoveTask> _tasks = [];

    public MessageMoveService(QueueClient queues, TimeProvider clock, IHostApplicationLifetime lifetime)
        : base("sqs")
    {
        (_queues, _clock, _stopping) = (queues, clock, lifetime.ApplicationStopping);
        On("StartMessageMoveTask", StartAsync);
        On("ListMessageMoveTasks", List);
    }

    private async Task<JsonObject> StartAsync(AwsScope scope, JsonObject input, CancellationToken cancellationToken)
    {
        var source = input.Required("SourceArn");
        await _queues.AttributesAsync(source, cancellationToken);
        var origins = await _queues.SourcesAsync(source, cancellationToken);
        var destination = (input.Text("DestinationArn"), origins) switch
        {
            (_, []) => throw new AwsException("InvalidParameterValue", $"Source queue {source} must be configured as a Dead Letter Queue."),
            ({ } given, _) => given,
            (null, [var only]) => only,
            _ => throw AwsException.NotImplemented(
                "sqs", "StartMessageMoveTask without DestinationArn on the dead-letter queue of several queues"),
        };
        if (_tasks.Any(other => other.SourceArn == source && other.Status == "RUNNING"))
        {
            throw new AwsException(
                "UnsupportedOperation", "There is already a task running. "
                + "Only one active task is allowed for a source queue arn at a given time.");
        }

        var task = new MessageMoveTask { SourceArn = source, DestinationArn = destination, Started = _clock.GetUtcNow() };
        ImmutableInterlocked.Update(ref _tasks, before => before.Insert(0, task));
        _ = Task.Run(() => MoveAsync(task), _stopping);
        return new JsonObject { ["TaskHandle"] = task.Handle };
    }

    private JsonObject List(AwsScope scope, JsonObject input)
    {
        var source = input.Required("SourceArn");
        var found = _tasks.Where(task => task.SourceArn == source).Take(input.Integer("MaxResults") ?? DefaultResults);
        return new JsonObject { ["Results"] = new JsonArray([.. found.Select(task => (JsonNode)Describe(task))]) };
    }

    private static JsonObject Describe(MessageMoveTask task)
    {
        var output = new JsonObject
        {
            ["Status"] = task.Status,
            ["SourceArn"] = task.SourceArn,
            ["DestinationArn"] = task.DestinationArn,
            ["ApproximateNumberOfMessagesMoved"] = task.Moved,
            ["StartedTimestamp"] = task.Started.ToUnixTimeMilliseconds(),
        };
        if (task.Status == "RUNNING")
        {
            output["TaskHandle"] = task.Handle;
        }

        if (task.FailureReason is { } reason)
        {
            output["FailureReason"] = reason;
        }

        return output;
    }

    private async Task MoveAsync(MessageMoveTask task)
    {
        try
        {
            while (await _queues.ReceiveAsync(task.SourceArn, QueueClient.MostMessages, _stopping) is { Count: > 0 } messages)
            {
                foreach (var message in messages)
                {
                    await _queues.SendAsync(task.DestinationArn, message.Body, message.Attributes, _stopping);
                    await _queues.DeleteAsync(task.SourceArn, message, _stopping);
                    task.Moved++;
                }
            }

            task.Status = "COMPLETED";
        }
        catch (Exception failure) when (failure is AwsException or HttpRequestException)
        {
            (task.FailureReason, task.Status) = (failure.Message, "FAILED");
        }
    }
}
