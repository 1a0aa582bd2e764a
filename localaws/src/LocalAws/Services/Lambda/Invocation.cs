namespace LocalAws.Services.Lambda;

/// <summary>One event on its way through an execution environment.</summary>
internal sealed record Invocation(string RequestId, byte[] Payload, DateTimeOffset Deadline)
{
    /// <summary>Set by the runtime's response or error, or by the process's end.</summary>
    public TaskCompletionSource<InvokeResult> Result { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
}
