using LocalAws.Protocols;

namespace LocalAws.Services.Lambda;

/// <summary>
/// Asynchronous invocation: the event is taken at once and delivered later; a failed one is tried again after one and after two minutes
/// with the same request id, as on AWS. An event for which the function has no execution environment waits for one, until it is too old.
/// </summary>
internal sealed class AsyncInvoker(
    AsyncInvocationQueue queue, FunctionRegistry functions, IFunctionInvoker invoker, IInvocationOutcomes outcomes, TimeProvider clock,
    ILogger<AsyncInvoker> logger) : BackgroundService
{
    private const int DefaultRetries = 2;
    private static readonly TimeSpan DefaultMaximumAge = TimeSpan.FromHours(6);

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await foreach (var item in queue.ReadAllAsync(stoppingToken))
        {
            // Each event on its own: a slow or failing one does not hold up the next, and order is not promised.
            _ = Task.Run(() => DeliverAsync(item, stoppingToken), stoppingToken);
        }
    }

    private async Task DeliverAsync(AsyncInvocation item, CancellationToken cancellationToken)
    {
        InvokeResult? last = null;
        for (var attempt = 1; functions.Find(item.FunctionArn) is { } function; attempt++)
        {
            if (function.ReservedConcurrency == 0)
            {
                await EndAsync(function, new InvocationOutcome(item, "ZeroReservedConcurrency", attempt - 1, last), cancellationToken);
                return;
            }

            last = await TryAsync(function, item, cancellationToken);
            if (last is { FunctionError: null })
            {
                await EndAsync(function, new InvocationOutcome(item, InvocationOutcome.Success, attempt, last), cancellationToken);
                return;
            }

            var retries = function.EventInvokeConfig?["MaximumRetryAttempts"]?.GetValue<int>() ?? DefaultRetries;
            var delay = TimeSpan.FromMinutes(attempt);
            var condition = last is null || Age(item) + delay > MaximumAge(function) ? "EventAgeExceeded" : "RetriesExhausted";
            if (last is null || attempt > retries || condition == "EventAgeExceeded")
            {
                // With the retries used up it does not matter how old the event is.
                condition = last is not null && attempt > retries ? "RetriesExhausted" : condition;
                await EndAsync(
                    function, new InvocationOutcome(item, condition, last is null ? attempt - 1 : attempt, last), cancellationToken);
                return;
            }

            logger.LogWarning(
                "Function {Function} failed on request {RequestId}, next attempt in {Delay}: {Error}",
                function.Name,
                item.RequestId,
                delay,
                last.Text);
            await Task.Delay(delay, clock, cancellationToken);
        }
    }

    /// <returns>What the function gave; null when the event became too old before it was its turn.</returns>
    private async Task<InvokeResult?> TryAsync(LambdaFunction function, AsyncInvocation item, CancellationToken cancellationToken)
    {
        var left = MaximumAge(function) - Age(item);
        using var tooOld = new CancellationTokenSource(left > TimeSpan.Zero ? left : TimeSpan.Zero, clock);
        using var limited = CancellationTokenSource.CreateLinkedTokenSource(tooOld.Token, cancellationToken);
        try
        {
            return await invoker.InvokeAsync(function, item.RequestId, item.Payload, limited.Token);
        }
        catch (OperationCanceledException) when (tooOld.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
        {
            return null;
        }
        catch (Exception failure) when (!cancellationToken.IsCancellationRequested)
        {
            // Any exception is a failed attempt, so that the event is tried again or its loss is told.
            return InvokeResult.Error(item.RequestId, (failure as AwsException)?.Code ?? "ServiceException", failure.Message);
        }
    }

    private async Task EndAsync(LambdaFunction function, InvocationOutcome outcome, CancellationToken cancellationToken)
    {
        if (!outcome.Succeeded)
        {
            logger.LogError(
                "Function {Function} failed {Attempts} times on request {RequestId}, {Condition}: {Error}",
                function.Name,
                outcome.Attempts,
                outcome.Invocation.RequestId,
                outcome.Condition,
                outcome.Result?.Text);
        }

        await outcomes.TellAsync(function, outcome, cancellationToken);
    }

    private TimeSpan Age(AsyncInvocation item) => clock.GetUtcNow() - item.Received;

    private static TimeSpan MaximumAge(LambdaFunction function) =>
        function.EventInvokeConfig?["MaximumEventAgeInSeconds"]?.GetValue<int>() is { } seconds
            ? TimeSpan.FromSeconds(seconds)
            : DefaultMaximumAge;
}
