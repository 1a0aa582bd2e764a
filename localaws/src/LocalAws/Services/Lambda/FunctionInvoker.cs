using System.Collections.Concurrent;
using LocalAws.Hosting;
using LocalAws.Protocols;
using LocalAws.Services.Logs;

namespace LocalAws.Services.Lambda;

/// <summary>Invokes functions: takes a warm execution environment or starts one, and keeps it for the next event.</summary>
public sealed class FunctionInvoker(ChildProcesses processes, LogWriter logs, GatewayOptions options)
{
    /// <summary>As many sandboxes of one function as this machine should carry when no concurrency is reserved.</summary>
    private const int MostEnvironments = 10;

    private readonly ConcurrentDictionary<string, ConcurrentBag<ExecutionEnvironment>> _idle = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<(string Arn, int Limit), SemaphoreSlim> _slots = new();

    public async Task<InvokeResult> InvokeAsync(LambdaFunction function, string requestId, byte[] payload, CancellationToken cancellationToken)
    {
        var limit = function.ReservedConcurrency ?? MostEnvironments;
        if (limit == 0)
        {
            throw new AwsException(
                "TooManyRequestsException", $"Rate Exceeded: the reserved concurrency of {function.Name} is 0.", StatusCodes.Status429TooManyRequests);
        }

        var slots = _slots.GetOrAdd((function.Arn, limit), static key => new SemaphoreSlim(key.Limit));
        await slots.WaitAsync(cancellationToken);
        try
        {
            var environment = await TakeAsync(function, cancellationToken);
            try
            {
                return await environment.InvokeAsync(requestId, payload);
            }
            finally
            {
                await GiveBackAsync(function, environment);
            }
        }
        finally
        {
            slots.Release();
        }
    }

    /// <summary>Ends the sandboxes of a function that was deleted.</summary>
    public async Task ForgetAsync(LambdaFunction function)
    {
        foreach (var key in _slots.Keys.Where(key => key.Arn == function.Arn))
        {
            _slots.TryRemove(key, out _);
        }

        if (_idle.TryRemove(function.Arn, out var environments))
        {
            foreach (var environment in environments)
            {
                await environment.DisposeAsync();
            }
        }
    }

    private async Task GiveBackAsync(LambdaFunction function, ExecutionEnvironment environment)
    {
        if (environment.IsUsable)
        {
            _idle.GetOrAdd(function.Arn, static _ => []).Add(environment);
        }
        else
        {
            await environment.DisposeAsync();
        }
    }

    private async Task<ExecutionEnvironment> TakeAsync(LambdaFunction function, CancellationToken cancellationToken)
    {
        while (_idle.TryGetValue(function.Arn, out var environments) && environments.TryTake(out var environment))
        {
            if (environment.IsUsable && environment.Revision == function.Revision)
            {
                return environment;
            }

            await environment.DisposeAsync();
        }

        return await ExecutionEnvironment.StartAsync(function, processes, logs, options, cancellationToken);
    }
}
