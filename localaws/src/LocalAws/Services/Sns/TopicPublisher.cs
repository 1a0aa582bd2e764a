using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Xml.Linq;
using LocalAws.Moto;
using LocalAws.Protocols;
using LocalAws.Services.Events.Patterns;
using LocalAws.Services.Lambda;
using LocalAws.Services.Sqs;

namespace LocalAws.Services.Sns;

/// <summary>Delivers messages of topics to the queues and functions that subscribe to them.</summary>
internal sealed class TopicPublisher(
    TopicQueue topics, MotoClient moto, QueueClient queues, FunctionRegistry functions, AsyncInvocationQueue invocations,
    TimeProvider clock, ILogger<TopicPublisher> logger) : BackgroundService
{
    private const string Service = "sns.amazonaws.com";

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await foreach (var message in topics.ReadAllAsync(stoppingToken))
        {
            try
            {
                foreach (var subscription in await SubscriptionsAsync(message, stoppingToken))
                {
                    await DeliverAsync(message, subscription, stoppingToken);
                }
            }
            catch (Exception failure) when (failure is AwsException or HttpRequestException or System.Xml.XmlException)
            {
                logger.LogError("A message of {Topic} is lost: {Message}", message.TopicArn, failure.Message);
            }
        }
    }

    private async Task DeliverAsync(TopicMessage message, TopicSubscription subscription, CancellationToken cancellationToken)
    {
        try
        {
            if (!subscription.Takes(message))
            {
                return;
            }

            if (subscription.Endpoint.Contains(":lambda:", StringComparison.Ordinal))
            {
                Invoke(message, subscription);
                return;
            }

            var (body, attributes) = subscription.IsRaw
                ? (message.Text, message.Attributes)
                : (JsonText.Of(Envelope(message)), new Dictionary<string, Messaging.MessageAttribute>());
            await queues.SendAsync(subscription.Endpoint, body, attributes, cancellationToken);
        }
        catch (Exception failure) when (failure is AwsException or HttpRequestException or EventPatternException or JsonException)
        {
            logger.LogWarning(
                "{Topic} could not deliver to {Endpoint}: {Message}", message.TopicArn, subscription.Endpoint, failure.Message);
        }
    }

    private void Invoke(TopicMessage message, TopicSubscription subscription)
    {
        if (functions.Find(subscription.Endpoint) is not { } function || !function.Policy.Allows(Service, message.TopicArn))
        {
            throw new AwsException("AccessDeniedException", $"The function is not there, or its policy does not let {Service} invoke it.");
        }

        var @event = new JsonObject
        {
            ["Records"] = new JsonArray(new JsonObject
            {
                ["EventSource"] = "aws:sns",
                ["EventVersion"] = "1.0",
                ["EventSubscriptionArn"] = subscription.Arn,
                ["Sns"] = Envelope(message),
            }),
        };
        invocations.Enqueue(message.Scope, function.Arn, Encoding.UTF8.GetBytes(JsonText.Of(@event)));
    }

    /// <summary>The message as SNS wraps it, but for the signature: nothing here has AWS's key.</summary>
    private JsonObject Envelope(TopicMessage message)
    {
        var envelope = new JsonObject
        {
            ["Type"] = "Notification",
            ["MessageId"] = message.Id,
            ["TopicArn"] = message.TopicArn,
            ["Message"] = message.Text,
            ["Timestamp"] = clock.GetUtcNow().UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture),
        };
        if (message.Subject is { } subject)
        {
            envelope["Subject"] = subject;
        }

        if (message.Attributes.Count > 0)
        {
            envelope["MessageAttributes"] = new JsonObject(message.Attributes.Select(item => KeyValuePair.Create(
                item.Key, (JsonNode?)new JsonObject { ["Type"] = item.Value.DataType, ["Value"] = item.Value.Value })));
        }

        return envelope;
    }

    private async Task<IReadOnlyList<TopicSubscription>> SubscriptionsAsync(TopicMessage message, CancellationToken cancellationToken)
    {
        var list = await CallAsync(message, "ListSubscriptionsByTopic", ("TopicArn", message.TopicArn), cancellationToken);
        var found = new List<TopicSubscription>();
        foreach (var member in list.Descendants().Where(element => element.Name.LocalName == "member"))
        {
            var arn = Child(member, "SubscriptionArn");
            var document = await CallAsync(message, "GetSubscriptionAttributes", ("SubscriptionArn", arn), cancellationToken);
            var attributes = document.Descendants().Where(element => element.Name.LocalName == "entry")
                .ToDictionary(entry => Child(entry, "key"), entry => Child(entry, "value"), StringComparer.Ordinal);
            found.Add(new TopicSubscription(
                arn,
                Child(member, "Endpoint"),
                attributes.GetValueOrDefault("RawMessageDelivery") == "true",
                attributes.GetValueOrDefault("FilterPolicy") is { Length: > 0 } policy ? policy : null,
                attributes.GetValueOrDefault("FilterPolicyScope") == "MessageBody"));
        }

        return found;
    }

    private async Task<XElement> CallAsync(
        TopicMessage message, string action, (string Name, string Value) parameter, CancellationToken cancellationToken) =>
        XElement.Parse(await moto.QueryAsync(
            message.Scope,
            "sns",
            new Dictionary<string, string> { ["Action"] = action, ["Version"] = "2010-03-31", [parameter.Name] = parameter.Value },
            cancellationToken));

    private static string Child(XElement parent, string name) =>
        parent.Elements().FirstOrDefault(element => element.Name.LocalName == name)?.Value ?? "";
}
