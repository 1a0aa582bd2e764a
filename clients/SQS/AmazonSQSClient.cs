using System.Globalization;
using System.Text.Json.Nodes;
using Amazon.SQS.Model;
using Amazon.Thin;

namespace Amazon.SQS;

/// <summary>Queues of Amazon SQS.</summary>
public sealed class AmazonSQSClient() : JsonServiceClient("SQS", "sqs", "AmazonSQS", jsonVersion: "1.0")
{
    /// <summary>
    /// How many messages a queue holds, about: those that can be received, those that were and are hidden, and delayed ones.
    /// </summary>
    public async Task<long> MessagesAsync(string queueUrl, CancellationToken cancellationToken)
    {
        var input = new JsonObject { ["QueueUrl"] = queueUrl, ["AttributeNames"] = new JsonArray("All") };
        var output = await InvokeAsync("GetQueueAttributes", input, cancellationToken).ConfigureAwait(false);
        var attributes = (JsonObject)output["Attributes"]!;
        return Count("ApproximateNumberOfMessages") + Count("ApproximateNumberOfMessagesNotVisible")
            + Count("ApproximateNumberOfMessagesDelayed");

        long Count(string name) => long.Parse(attributes.Text(name) ?? "0", CultureInfo.InvariantCulture);
    }

    /// <summary>Sends a message.</summary>
    public Task SendMessageAsync(string queueUrl, string body, CancellationToken cancellationToken) =>
        InvokeAsync("SendMessage", new JsonObject { ["QueueUrl"] = queueUrl, ["MessageBody"] = body }, cancellationToken);

    /// <summary>Begins to move the messages of a dead-letter queue to the queue that they came from.</summary>
    public Task StartMessageMoveTaskAsync(string sourceArn, CancellationToken cancellationToken) =>
        InvokeAsync("StartMessageMoveTask", new JsonObject { ["SourceArn"] = sourceArn }, cancellationToken);

    /// <summary>The latest move of a dead-letter queue's messages.</summary>
    /// <exception cref="FormatException">There was none.</exception>
    public async Task<MessageMoveTask> LatestMessageMoveTaskAsync(string sourceArn, CancellationToken cancellationToken)
    {
        var input = new JsonObject { ["SourceArn"] = sourceArn, ["MaxResults"] = 1 };
        var output = await InvokeAsync("ListMessageMoveTasks", input, cancellationToken).ConfigureAwait(false);
        var latest = output.Items("Results").FirstOrDefault() ?? throw new FormatException($"Nothing was ever moved from {sourceArn}.");
        return new MessageMoveTask(
            latest.Required("Status"), latest.Number("ApproximateNumberOfMessagesMoved"), latest.Text("FailureReason"));
    }
}
