using System.Collections.Concurrent;
using LocalAws.Hosting;
using LocalAws.Services.Logs;

namespace LocalAws.Services.Lambda;

/// <summary>Invokes functions: takes a warm execution environment or starts one, and keeps it for the next event.</summary>
public sealed class FunctionInvoker(ChildProcesses processes, LogWriter logs, GatewayOptions options)
{
    /// <summary>As many sandboxes of one function as this machine should carry when no concurrency is reserved.</summary>
    private const int MostEnvironments = 10;

    private readonly ConcurrentDictionary<string, ConcurrentBag<ExecutionEnvironment>> _idle = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, SemaphoreSlim> _slots = new(StringComparer.Ordinal);

    public async Task<InvokeResult> InvokeAsync(LambdaFunction function, string requestId, byte[] payload, CancellationToken cancellationToken)
    {
        var slots = _slots.GetOrAdd(function.Arn, _ => new SemaphoreSlim(function.ReservedConcurrency ?? MostEnvironments));
        await slots.WaitAsync(cancellationToken);
        try
        {
            var environment = await TakeAsync(function);
            var result = await environment.InvokeAsync(requestId, payload);
            if (environment.IsUsable)
            {
                _idle.GetOrAdd(function.Arn, static _ => []).Add(environment);
            }
            else
            {
                await environment.DisposeAsync();
            }

            return result;
        }
        finally
        {
            slots.Release();
        }
    }

    /// <summary>Ends the sandboxes of a function that was deleted.</summary>
    public async Task ForgetAsync(LambdaFunction function)
    {
        _slots.TryRemove(function.Arn, out _);
        if (_idle.TryRemove(function.Arn, out var environments))
        {
            foreach (var environment in environments)
            {
                await environment.DisposeAsync();
            }
        }
    }

    private async Task<ExecutionEnvironment> TakeAsync(LambdaFunction function)
    {
        while (_idle.TryGetValue(function.Arn, out var environments) && environments.TryTake(out var environment))
        {
            if (environment.IsUsable && environment.Revision == function.Revision)
            {
                return environment;
            }

            await environment.DisposeAsync();
        }

        return await ExecutionEnvironment.StartAsync(function, processes, logs, options);
    }
}
