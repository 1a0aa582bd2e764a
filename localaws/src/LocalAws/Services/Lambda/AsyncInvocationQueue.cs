using System.Threading.Channels;
using LocalAws.Routing;

namespace LocalAws.Services.Lambda;

/// <summary>The events of asynchronous invocations, which <see cref="AsyncInvoker"/> delivers.</summary>
internal sealed class AsyncInvocationQueue(TimeProvider clock)
{
    private readonly Channel<AsyncInvocation> _events = Channel.CreateUnbounded<AsyncInvocation>();

    /// <summary>Takes an event.</summary>
    public void Enqueue(AwsScope scope, string functionArn, byte[] payload) => _events.Writer.TryWrite(
        new AsyncInvocation(scope, functionArn, payload, Guid.NewGuid().ToString(), clock.GetUtcNow()));

    /// <summary>All events, in the order in which they were taken.</summary>
    public IAsyncEnumerable<AsyncInvocation> ReadAllAsync(CancellationToken cancellationToken) =>
        _events.Reader.ReadAllAsync(cancellationToken);
}
