using System.Threading.Channels;
using LocalAws.Routing;

namespace LocalAws.Services.Lambda;

/// <summary>
/// Asynchronous invocation: the event is taken at once and delivered later; a failed one is tried again after one and after two minutes
/// with the same request id, as on AWS.
/// </summary>
internal sealed class AsyncInvoker(FunctionRegistry functions, IFunctionInvoker invoker, TimeProvider clock, ILogger<AsyncInvoker> logger)
    : BackgroundService
{
    private const int DefaultRetries = 2;

    private sealed record Event(AwsScope Scope, string FunctionArn, byte[] Payload, string RequestId);

    private readonly Channel<Event> _events = Channel.CreateUnbounded<Event>();

    public void Enqueue(AwsScope scope, string functionArn, byte[] payload) =>
        _events.Writer.TryWrite(new Event(scope, functionArn, payload, Guid.NewGuid().ToString()));

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await foreach (var item in _events.Reader.ReadAllAsync(stoppingToken))
        {
            // Each event on its own: a slow or failing one does not hold up the next, and order is not promised.
            _ = Task.Run(() => DeliverAsync(item, stoppingToken), stoppingToken);
        }
    }

    private async Task DeliverAsync(Event item, CancellationToken cancellationToken)
    {
        for (var attempt = 1; functions.Find(item.FunctionArn) is { } function; attempt++)
        {
            string error;
            try
            {
                var result = await invoker.InvokeAsync(function, item.RequestId, item.Payload, cancellationToken);
                if (result.FunctionError is null)
                {
                    return;
                }

                error = System.Text.Encoding.UTF8.GetString(result.Payload);
            }
            catch (Exception failure) when (!cancellationToken.IsCancellationRequested)
            {
                // Any exception is a failed attempt, so that the event is tried again or its loss is logged.
                error = failure.Message;
            }

            var retries = function.EventInvokeConfig?["MaximumRetryAttempts"]?.GetValue<int>() ?? DefaultRetries;
            if (attempt > retries)
            {
                logger.LogError(
                    "Function {Function} failed {Attempts} times on request {RequestId}, the event is dropped: {Error}",
                    function.Name,
                    attempt,
                    item.RequestId,
                    error);
                return;
            }

            var delay = TimeSpan.FromMinutes(attempt);
            logger.LogWarning(
                "Function {Function} failed on request {RequestId}, next attempt in {Delay}: {Error}",
                function.Name,
                item.RequestId,
                delay,
                error);
            await Task.Delay(delay, clock, cancellationToken);
        }
    }
}
