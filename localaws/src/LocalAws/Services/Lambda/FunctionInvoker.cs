using LocalAws.Hosting;
using LocalAws.Protocols;
using LocalAws.Services.Logs;

namespace LocalAws.Services.Lambda;

/// <summary>Invokes functions: takes a warm execution environment or starts one, and keeps it for the next event.</summary>
internal sealed class FunctionInvoker(
    ChildProcesses processes, LogWriter logs, GatewayOptions options, TimeProvider clock) : IFunctionInvoker
{
    /// <summary>As many sandboxes of one function as this machine should carry when no concurrency is reserved.</summary>
    private const int MostEnvironments = 10;

    /// <inheritdoc/>
    public async Task<InvokeResult> InvokeAsync(
        LambdaFunction function, string requestId, byte[] payload, CancellationToken cancellationToken, bool waits = true)
    {
        var limit = function.ReservedConcurrency ?? MostEnvironments;
        if (limit == 0)
        {
            throw Throttled();
        }

        var slots = function.Environments.Slots(limit);
        // Without a reservation the limit is this machine's and not AWS's, so nobody is throttled by it.
        if (waits || function.ReservedConcurrency is null)
        {
            await slots.WaitAsync(cancellationToken);
        }
        else if (!await slots.WaitAsync(TimeSpan.Zero, cancellationToken))
        {
            throw Throttled();
        }

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

    /// <summary>Ends the sandboxes of a function that was deleted; one that is at work ends with its event.</summary>
    public static async Task ForgetAsync(LambdaFunction function)
    {
        foreach (var environment in function.Environments.Close())
        {
            await environment.DisposeAsync();
        }
    }

    private static AwsException Throttled() =>
        new("TooManyRequestsException", "Rate Exceeded.", StatusCodes.Status429TooManyRequests);

    private static async Task GiveBackAsync(LambdaFunction function, ExecutionEnvironment environment)
    {
        if (!environment.IsUsable || !function.Environments.Keep(environment))
        {
            await environment.DisposeAsync();
        }
    }

    private async Task<ExecutionEnvironment> TakeAsync(LambdaFunction function, CancellationToken cancellationToken)
    {
        while (function.Environments.Take() is { } environment)
        {
            if (environment.IsUsable && environment.Revision == function.Current.Revision)
            {
                return environment;
            }

            await environment.DisposeAsync();
        }

        return function.Environments.IsClosed
            ? throw new AwsException(
                "ResourceNotFoundException",
                $"Function not found: {function.Arn}. It was deleted while this event waited.",
                StatusCodes.Status404NotFound)
            : await ExecutionEnvironment.StartAsync(function, processes, logs, options, clock, cancellationToken);
    }
}
