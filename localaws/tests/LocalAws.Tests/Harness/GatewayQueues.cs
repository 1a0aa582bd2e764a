using System.Text.Json.Nodes;

namespace LocalAws.Tests.Harness;

/// <summary>Queues of a gateway, by its SQS API.</summary>
internal static class GatewayQueues
{
    /// <summary>The ARN of a queue of that name.</summary>
    public static string QueueArn(string name) => $"arn:aws:sqs:us-east-1:123456789012:{name}";

    /// <summary>Makes a queue; returns its ARN.</summary>
    public static async Task<string> CreateQueueAsync(this Gateway gateway, string name, JsonObject? attributes = null)
    {
        var (status, body) = await gateway.JsonAsync(
            "sqs", "AmazonSQS.CreateQueue", new JsonObject { ["QueueName"] = name, ["Attributes"] = attributes ?? [] });
        status.Should().Be(200, body.ToJsonString());
        return QueueArn(name);
    }

    /// <summary>Sends a message.</summary>
    public static async Task SendMessageAsync(this Gateway gateway, string queue, string body)
    {
        var (status, answer) = await gateway.JsonAsync(
            "sqs", "AmazonSQS.SendMessage", new JsonObject { ["QueueUrl"] = queue, ["MessageBody"] = body });
        status.Should().Be(200, answer.ToJsonString());
    }

    /// <summary>The next message of a queue, which is then deleted.</summary>
    public static async Task<JsonObject> NextMessageAsync(this Gateway gateway, string queue)
    {
        JsonObject? message = null;
        await Eventually.TrueAsync($"{queue} has a message", async () =>
        {
            var (_, body) = await gateway.JsonAsync("sqs", "AmazonSQS.ReceiveMessage", new JsonObject
            {
                ["QueueUrl"] = queue,
                ["MaxNumberOfMessages"] = 1,
                ["WaitTimeSeconds"] = 0,
                ["AttributeNames"] = new JsonArray("All"),
                ["MessageAttributeNames"] = new JsonArray("All"),
            });
            message = (body["Messages"] as JsonArray)?.OfType<JsonObject>().FirstOrDefault();
            return (message is not null, body.ToJsonString());
        });
        await gateway.JsonAsync("sqs", "AmazonSQS.DeleteMessage", new JsonObject
        {
            ["QueueUrl"] = queue,
            ["ReceiptHandle"] = message!["ReceiptHandle"]!.GetValue<string>(),
        });
        return message;
    }

    /// <summary>How many messages a queue holds, visible or not.</summary>
    public static async Task<int> MessagesAsync(this Gateway gateway, string queue)
    {
        var (_, body) = await gateway.JsonAsync(
            "sqs", "AmazonSQS.GetQueueAttributes", new JsonObject { ["QueueUrl"] = queue, ["AttributeNames"] = new JsonArray("All") });
        return Number("ApproximateNumberOfMessages") + Number("ApproximateNumberOfMessagesNotVisible");

        int Number(string name) => int.Parse(
            body["Attributes"]![name]!.GetValue<string>(), System.Globalization.CultureInfo.InvariantCulture);
    }
}
