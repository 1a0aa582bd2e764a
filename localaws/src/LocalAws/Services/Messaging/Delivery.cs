using LocalAws.Routing;

namespace LocalAws.Services.Messaging;

/// <summary>A message that a service sends to a function, a queue or a topic.</summary>
/// <param name="Scope">Account and region of who sends.</param>
/// <param name="TargetArn">Who gets it.</param>
/// <param name="Body">The event, as JSON.</param>
/// <param name="Service">The sending service's principal, such as <c>events.amazonaws.com</c>.</param>
/// <param name="SourceArn">The resource on whose behalf it is sent, which policies of the target name.</param>
internal sealed record Delivery(AwsScope Scope, string TargetArn, string Body, string Service, string SourceArn)
{
    /// <summary>Attributes of the message in a queue.</summary>
    public IReadOnlyDictionary<string, MessageAttribute> Attributes { get; init; } = new Dictionary<string, MessageAttribute>();
}
