using LocalAws.Routing;
using LocalAws.Services.Messaging;

namespace LocalAws.Services.Sns;

/// <summary>A message that was published to a topic.</summary>
/// <param name="Scope">Account and region of who published.</param>
/// <param name="TopicArn">The topic.</param>
/// <param name="Text">The message.</param>
/// <param name="Subject">Its subject; null without one.</param>
/// <param name="Attributes">Its attributes, which filter policies of subscriptions look at.</param>
internal sealed record TopicMessage(
    AwsScope Scope, string TopicArn, string Text, string? Subject, IReadOnlyDictionary<string, MessageAttribute> Attributes)
{
    /// <summary>Names the message in every delivery.</summary>
    public string Id { get; } = Guid.NewGuid().ToString();
}
