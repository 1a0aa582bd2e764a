using Amazon.Lambda.Core;

namespace Amazon.Lambda.RuntimeSupport;

/// <summary>The context of one invocation, from the headers that came with it.</summary>
internal sealed record LambdaContext(string AwsRequestId, string InvokedFunctionArn, DateTimeOffset Deadline, TimeProvider Time)
    : ILambdaContext
{
    /// <inheritdoc/>
    public TimeSpan RemainingTime => Deadline - Time.GetUtcNow();
}
