namespace LocalAws.Services.Lambda;

/// <summary>How an asynchronous invocation ended.</summary>
/// <param name="Invocation">The event.</param>
/// <param name="Condition">Success, RetriesExhausted, EventAgeExceeded or ZeroReservedConcurrency.</param>
/// <param name="Attempts">How often the function was invoked.</param>
/// <param name="Result">What the last attempt gave; null when there was none.</param>
internal sealed record InvocationOutcome(AsyncInvocation Invocation, string Condition, int Attempts, InvokeResult? Result)
{
    /// <summary>The condition of an invocation that succeeded.</summary>
    public const string Success = "Success";

    /// <summary>Whether the function handled the event.</summary>
    public bool Succeeded => Condition == Success;
}
