namespace LocalAws.Services.Lambda;

/// <summary>Runs functions.</summary>
internal interface IFunctionInvoker
{
    /// <summary>Gives one event to a function and returns what came of it.</summary>
    /// <exception cref="Protocols.AwsException">The function's concurrency is 0, or it was deleted before its turn came.</exception>
    Task<InvokeResult> InvokeAsync(LambdaFunction function, string requestId, byte[] payload, CancellationToken cancellationToken);
}
