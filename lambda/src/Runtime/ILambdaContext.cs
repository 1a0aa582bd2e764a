namespace Amazon.Lambda.Core;

/// <summary>
/// What a handler may know of its invocation. Named like the official package's interface, of which it has the members used here.
/// </summary>
public interface ILambdaContext
{
    /// <summary>The invocation's id, the same for each attempt of one event.</summary>
    string AwsRequestId { get; }

    /// <summary>The function's own ARN as it was invoked.</summary>
    string InvokedFunctionArn { get; }

    /// <summary>Time until the invocation is ended.</summary>
    TimeSpan RemainingTime { get; }
}
