using System.Xml.Linq;
using LocalAws.Protocols;

namespace LocalAws.Services.S3;

/// <summary>A bucket's event notifications: what is delivered to whom.</summary>
/// <param name="Document">The document as it was put, returned unchanged on a read.</param>
/// <param name="Rules">Its configurations, in their order.</param>
/// <param name="ToEventBridge">Whether every event goes to EventBridge too.</param>
internal sealed record NotificationConfiguration(XElement Document, IReadOnlyList<NotificationRule> Rules, bool ToEventBridge)
{
    public static readonly XNamespace Namespace = "http://s3.amazonaws.com/doc/2006-03-01/";

    private const string EventBridge = "EventBridgeConfiguration";

    private static readonly string[] Understood =
        ["CloudFunctionConfiguration", "QueueConfiguration", "TopicConfiguration", EventBridge];

    /// <summary>Of a bucket without notifications.</summary>
    public static NotificationConfiguration Empty { get; } =
        new(new XElement(Namespace + "NotificationConfiguration"), [], ToEventBridge: false);

    /// <summary>Reads the document of PutBucketNotificationConfiguration.</summary>
    /// <exception cref="AwsException">Malformed XML, overlapping rules, or a destination that is not implemented.</exception>
    public static NotificationConfiguration Parse(ReadOnlySpan<byte> body)
    {
        XElement document;
        try
        {
            document = XElement.Parse(System.Text.Encoding.UTF8.GetString(body));
        }
        catch (System.Xml.XmlException)
        {
            throw new AwsException(
                "MalformedXML", "The XML you provided was not well-formed or did not validate against our published schema");
        }

        if (document.Elements().FirstOrDefault(element => !Understood.Contains(element.Name.LocalName)) is { } other)
        {
            throw AwsException.NotImplemented("s3", $"PutBucketNotificationConfiguration with {other.Name.LocalName}");
        }

        var configurations = document.Elements().Where(element => element.Name.LocalName != EventBridge).ToList();
        var rules = configurations.Select(NotificationRule.Parse).ToList();
        for (var first = 0; first < rules.Count; first++)
        {
            for (var second = first + 1; second < rules.Count; second++)
            {
                if (rules[first].Overlaps(rules[second]))
                {
                    throw new AwsException(
                        "InvalidArgument", "Configurations overlap. Configurations on the same bucket cannot share a common event type.");
                }
            }
        }

        foreach (var (configuration, rule) in configurations.Zip(rules))
        {
            if (configuration.Elements().All(element => element.Name.LocalName != "Id"))
            {
                configuration.AddFirst(new XElement(configuration.Name.Namespace + "Id", rule.Id));
            }
        }

        return new NotificationConfiguration(
            document, rules, document.Elements().Any(element => element.Name.LocalName == EventBridge));
    }
}
