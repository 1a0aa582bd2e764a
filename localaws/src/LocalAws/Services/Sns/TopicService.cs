using System.Xml.Linq;
using LocalAws.Moto;
using LocalAws.Protocols;
using LocalAws.Routing;
using LocalAws.Services.Messaging;

namespace LocalAws.Services.Sns;

/// <summary>What the gateway does itself of SNS: publishing. Topics and subscriptions are moto's.</summary>
internal sealed class TopicService : QueryService
{
    private const string Namespace = "http://sns.amazonaws.com/doc/2010-03-31/";

    private readonly TopicQueue _topics;
    private readonly MotoClient _moto;
    private readonly MotoForwarder _forwarder;

    public TopicService(TopicQueue topics, MotoClient moto, MotoForwarder forwarder)
        : base("sns", Namespace)
    {
        (_topics, _moto, _forwarder) = (topics, moto, forwarder);
        On("Publish", PublishAsync);
        On("Subscribe", SubscribeAsync);
    }

    private async Task<IEnumerable<XElement>> PublishAsync(AwsScope scope, FormParameters form, CancellationToken cancellationToken)
    {
        var topic = form["TopicArn"] ?? form["TargetArn"] ?? throw AwsException.NotImplemented("sns", "Publish to a telephone number");
        // A topic that is not there is moto's error.
        await _moto.QueryAsync(
            scope,
            "sns",
            new Dictionary<string, string> { ["Action"] = "GetTopicAttributes", ["Version"] = "2010-03-31", ["TopicArn"] = topic },
            cancellationToken);
        var attributes = form.Structures("MessageAttributes").ToDictionary(
            item => item.Required("Name"),
            item => new MessageAttribute(item.Required("Value.DataType"), item.Required("Value.StringValue")),
            StringComparer.Ordinal);
        var message = new TopicMessage(scope, topic, form.Required("Message"), form["Subject"], attributes);
        _topics.Publish(message);
        return [new XElement("MessageId", message.Id)];
    }

    private Task SubscribeAsync(AwsRequest request)
    {
        var protocol = FormParameters.Parse(request.Body).Required("Protocol");
        return protocol is "sqs" or "lambda"
            ? _forwarder.ForwardAsync(request)
            : throw AwsException.NotImplemented("sns", $"Subscribe by {protocol} (sqs and lambda are)");
    }
}
