namespace LocalAws.Services.Lambda;

/// <summary>Runs functions.</summary>
internal interface IFunctionInvoker
{
    /// <summary>Gives one event to a function and returns what came of it.</summary>
    /// <param name="function">The function.</param>
    /// <param name="requestId">Names the invocation.</param>
    /// <param name="payload">The event.</param>
    /// <param name="cancellationToken">Ends the wait for an execution environment.</param>
    /// <param name="waits">Whether an event waits while the reserved concurrency is used up; else it is throttled.</param>
    /// <exception cref="Protocols.AwsException">
    /// The function's concurrency is 0 or used up, or it was deleted before its turn came.
    /// </exception>
    Task<InvokeResult> InvokeAsync(
        LambdaFunction function, string requestId, byte[] payload, CancellationToken cancellationToken, bool waits = true);
}
