using System.Threading.Channels;

namespace LocalAws.Services.Sns;

/// <summary>Takes messages of topics, which <see cref="TopicPublisher"/> delivers to the topics' subscriptions.</summary>
internal sealed class TopicQueue
{
    private readonly Channel<TopicMessage> _messages = Channel.CreateUnbounded<TopicMessage>();

    /// <summary>Takes a message; its delivery does not hold up who publishes it.</summary>
    public void Publish(TopicMessage message) => _messages.Writer.TryWrite(message);

    /// <summary>All messages, in the order in which they were published.</summary>
    public IAsyncEnumerable<TopicMessage> ReadAllAsync(CancellationToken cancellationToken) =>
        _messages.Reader.ReadAllAsync(cancellationToken);
}
