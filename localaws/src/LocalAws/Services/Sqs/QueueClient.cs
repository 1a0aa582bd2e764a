using System.Text.Json.Nodes;
using LocalAws.Moto;
using LocalAws.Protocols;
using LocalAws.Routing;
using LocalAws.Services.Messaging;

namespace LocalAws.Services.Sqs;

/// <summary>Messages of queues, by the queue's ARN. The queues are moto's: visibility, delay and redrive are carried out there.</summary>
internal sealed class QueueClient(MotoClient moto)
{
    /// <summary>The most that one reception may give.</summary>
    public const int MostMessages = 10;

    /// <summary>Raised with the queue's ARN after a message was sent by this program.</summary>
    public event Action<string>? Sent;

    /// <summary>Account and region of a queue.</summary>
    public static AwsScope ScopeOf(string arn) => arn.Split(':') is [_, _, _, var region, var account, _]
        ? new AwsScope(account, region)
        : throw new AwsException("InvalidAddress", $"{arn} is not the ARN of a queue.");

    /// <summary>Sends a message.</summary>
    /// <exception cref="AwsException">There is no such queue.</exception>
    public Task SendAsync(
        string arn, string body, IReadOnlyDictionary<string, MessageAttribute> attributes, CancellationToken cancellationToken) =>
        SendAsync(
            arn,
            body,
            new JsonObject(attributes.Select(item => KeyValuePair.Create(
                item.Key, (JsonNode?)new JsonObject { ["DataType"] = item.Value.DataType, ["StringValue"] = item.Value.Value }))),
            cancellationToken);

    /// <summary>Sends a message with attributes as SendMessage takes them.</summary>
    /// <exception cref="AwsException">There is no such queue.</exception>
    public async Task SendAsync(string arn, string body, JsonObject attributes, CancellationToken cancellationToken)
    {
        var input = new JsonObject { ["MessageBody"] = body };
        if (attributes.Count > 0)
        {
            input["MessageAttributes"] = attributes.DeepClone();
        }

        await CallAsync(arn, "SendMessage", input, cancellationToken);
        Sent?.Invoke(arn);
    }

    /// <summary>Receives what is visible, without waiting for it.</summary>
    public async Task<IReadOnlyList<QueueMessage>> ReceiveAsync(string arn, int most, CancellationToken cancellationToken)
    {
        var output = await CallAsync(
            arn,
            "ReceiveMessage",
            new JsonObject
            {
                ["MaxNumberOfMessages"] = Math.Min(most, MostMessages),
                ["WaitTimeSeconds"] = 0,
                ["AttributeNames"] = new JsonArray("All"),
                ["MessageAttributeNames"] = new JsonArray("All"),
            },
            cancellationToken);
        return [.. (output["Messages"] as JsonArray ?? []).OfType<JsonObject>().Select(message => new QueueMessage(message))];
    }

    /// <summary>Deletes a message that was received.</summary>
    public Task DeleteAsync(string arn, QueueMessage message, CancellationToken cancellationToken) =>
        CallAsync(arn, "DeleteMessage", new JsonObject { ["ReceiptHandle"] = message.ReceiptHandle }, cancellationToken);

    /// <summary>The queue's attributes.</summary>
    /// <exception cref="AwsException">There is no such queue.</exception>
    public async Task<JsonObject> AttributesAsync(string arn, CancellationToken cancellationToken)
    {
        var output = await CallAsync(
            arn, "GetQueueAttributes", new JsonObject { ["AttributeNames"] = new JsonArray("All") }, cancellationToken);
        return output["Attributes"] as JsonObject ?? [];
    }

    /// <summary>ARNs of the queues whose redrive policy names this one as their dead-letter queue.</summary>
    public async Task<IReadOnlyList<string>> SourcesAsync(string arn, CancellationToken cancellationToken)
    {
        var scope = ScopeOf(arn);
        var output = await moto.JsonAsync(scope, "sqs", "AmazonSQS.ListQueues", [], cancellationToken);
        var sources = new List<string>();
        foreach (var url in output.Strings("QueueUrls"))
        {
            var source = scope.Arn("sqs", url.Split('/')[^1]);
            var attributes = await AttributesAsync(source, cancellationToken);
            if (attributes.Text("RedrivePolicy") is { } policy
                && JsonInput.Parse(System.Text.Encoding.UTF8.GetBytes(policy)).Text("deadLetterTargetArn") == arn)
            {
                sources.Add(source);
            }
        }

        return sources;
    }

    private Task<JsonObject> CallAsync(string arn, string operation, JsonObject input, CancellationToken cancellationToken)
    {
        var scope = ScopeOf(arn);
        // moto finds the queue by the last part.
        input["QueueUrl"] = $"https://sqs.{scope.Region}.amazonaws.com/{scope.AccountId}/{arn.Split(':')[^1]}";
        return moto.JsonAsync(scope, "sqs", "AmazonSQS." + operation, input, cancellationToken);
    }
}
