using System.Collections.Concurrent;
using System.Threading.Channels;
using LocalAws.Protocols;
using LocalAws.Services.Sqs;

namespace LocalAws.Services.Lambda.EventSources;

/// <summary>
/// Reads queues and gives their messages to functions in batches. What the function handled is deleted; the rest is visible again after the
/// queue's visibility time-out, and after the queue's limit of receptions it is a dead letter.
/// </summary>
internal sealed class QueuePoller : IDisposable
{
    /// <summary>As many executions of one mapping as Lambda starts with, when no other number is set.</summary>
    private const int DefaultConcurrency = 5;

    /// <summary>How often a queue is looked at in which others may put messages; those of this program are seen at once.</summary>
    private static readonly TimeSpan Poll = TimeSpan.FromSeconds(1);

    /// <summary>Pause after a failure: the queue may have been deleted.</summary>
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(5);

    private readonly QueueClient _queues;
    private readonly FunctionRegistry _functions;
    private readonly IFunctionInvoker _invoker;
    private readonly TimeProvider _clock;
    private readonly ILogger<QueuePoller> _logger;
    private readonly CancellationToken _stopping;
    private readonly ConcurrentDictionary<string, CancellationTokenSource> _running = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, Channel<bool>> _signals = new(StringComparer.Ordinal);

    public QueuePoller(
        QueueClient queues, FunctionRegistry functions, IFunctionInvoker invoker, TimeProvider clock, ILogger<QueuePoller> logger,
        IHostApplicationLifetime lifetime)
    {
        (_queues, _functions, _invoker, _clock, _logger) = (queues, functions, invoker, clock, logger);
        _stopping = lifetime.ApplicationStopping;
        _queues.Sent += Signal;
    }

    /// <summary>Begins to carry out a mapping, or goes on with other settings.</summary>
    public void Put(EventSourceMapping mapping)
    {
        Remove(mapping);
        if (mapping.IsEnabled)
        {
            var running = _running[mapping.Uuid] = CancellationTokenSource.CreateLinkedTokenSource(_stopping);
            _ = Task.Run(() => RunAsync(mapping, running.Token), running.Token);
        }
    }

    /// <summary>Ends the reading; a batch that a function has is brought to its end.</summary>
    public void Remove(EventSourceMapping mapping)
    {
        if (_running.TryRemove(mapping.Uuid, out var running))
        {
            running.Cancel();
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _queues.Sent -= Signal;
        foreach (var running in _running.Values)
        {
            running.Cancel();
        }
    }

    private async Task RunAsync(EventSourceMapping mapping, CancellationToken cancellationToken)
    {
        var slots = new SemaphoreSlim(mapping.MaximumConcurrency ?? DefaultConcurrency);
        while (!cancellationToken.IsCancellationRequested)
        {
            await slots.WaitAsync(cancellationToken);
            IReadOnlyList<QueueMessage> batch;
            try
            {
                batch = await CollectAsync(mapping, cancellationToken);
            }
            catch (Exception failure) when (failure is AwsException or HttpRequestException && !cancellationToken.IsCancellationRequested)
            {
                slots.Release();
                _logger.LogWarning(
                    "{Queue} cannot be read for {Function}: {Message}", mapping.QueueArn, mapping.FunctionArn, failure.Message);
                await Task.Delay(Pause, _clock, cancellationToken);
                continue;
            }

            _ = Task.Run(
                async () =>
                {
                    try
                    {
                        await HandleAsync(mapping, batch);
                    }
                    finally
                    {
                        slots.Release();
                    }
                },
                _stopping);
        }
    }

    private async Task<IReadOnlyList<QueueMessage>> CollectAsync(EventSourceMapping mapping, CancellationToken cancellationToken)
    {
        var batch = new List<QueueMessage>();
        DateTimeOffset? end = null;
        while (batch.Count < mapping.BatchSize)
        {
            var received = await _queues.ReceiveAsync(mapping.QueueArn, mapping.BatchSize - batch.Count, cancellationToken);
            foreach (var message in received)
            {
                if (QueueBatch.Takes(mapping, message))
                {
                    batch.Add(message);
                }
                else
                {
                    await _queues.DeleteAsync(mapping.QueueArn, message, cancellationToken);
                }
            }

            if (batch.Count > 0)
            {
                end ??= _clock.GetUtcNow() + mapping.Window;
            }

            if (received.Count == 0)
            {
                var left = end - _clock.GetUtcNow() ?? Poll;
                if (left <= TimeSpan.Zero)
                {
                    break;
                }

                await WaitAsync(mapping.QueueArn, left < Poll ? left : Poll, cancellationToken);
            }
        }

        return batch;
    }

    private async Task HandleAsync(EventSourceMapping mapping, IReadOnlyList<QueueMessage> batch)
    {
        try
        {
            if (_functions.Find(mapping.FunctionArn) is not { } function)
            {
                return;
            }

            var result = await _invoker.InvokeAsync(
                function, Guid.NewGuid().ToString(), QueueBatch.Event(mapping, batch), _stopping);
            var failures = QueueBatch.Failures(mapping, result, batch);
            foreach (var message in batch.Where(message => !failures.Contains(message.Id)))
            {
                await _queues.DeleteAsync(mapping.QueueArn, message, _stopping);
            }

            if (failures.Count > 0)
            {
                _logger.LogWarning(
                    "{Function} did not handle {Failures} of {Messages} messages of {Queue}: {Answer}",
                    function.Name,
                    failures.Count,
                    batch.Count,
                    mapping.QueueArn,
                    result.Text);
            }
        }
        catch (Exception failure) when (failure is AwsException or HttpRequestException && !_stopping.IsCancellationRequested)
        {
            _logger.LogWarning("A batch of {Queue} could not be handled: {Message}", mapping.QueueArn, failure.Message);
        }
    }

    private Channel<bool> SignalOf(string queue) => _signals.GetOrAdd(
        queue, _ => Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite }));

    private void Signal(string queue) => SignalOf(queue).Writer.TryWrite(true);

    private async Task WaitAsync(string queue, TimeSpan most, CancellationToken cancellationToken)
    {
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var sent = SignalOf(queue).Reader.ReadAsync(ended.Token).AsTask();
        await Task.WhenAny(sent, Task.Delay(most, _clock, ended.Token));
        await ended.CancelAsync();
        cancellationToken.ThrowIfCancellationRequested();
    }
}
