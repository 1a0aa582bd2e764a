using System.Text.Json.Nodes;
using System.Threading.Channels;
using LocalAws.Routing;

namespace LocalAws.Services.Events;

/// <summary>The default bus of every account and region: takes events, which <see cref="RuleEngine"/> matches and delivers.</summary>
internal sealed class EventBus
{
    private readonly Channel<(AwsScope Scope, JsonObject Event)> _events =
        Channel.CreateUnbounded<(AwsScope Scope, JsonObject Event)>(new UnboundedChannelOptions { SingleReader = true });

    /// <summary>Takes an event; what becomes of it does not hold up who tells it.</summary>
    public void Publish(AwsScope scope, JsonObject @event) => _events.Writer.TryWrite((scope, @event));

    /// <summary>All events, in the order in which they were published.</summary>
    public IAsyncEnumerable<(AwsScope Scope, JsonObject Event)> ReadAllAsync(CancellationToken cancellationToken) =>
        _events.Reader.ReadAllAsync(cancellationToken);
}
