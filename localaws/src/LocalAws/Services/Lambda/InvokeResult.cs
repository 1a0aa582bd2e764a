namespace LocalAws.Services.Lambda;

/// <summary>What an invocation gave.</summary>
/// <param name="Payload">The function's answer, or an error document.</param>
/// <param name="FunctionError"><c>Unhandled</c> when the function failed, else null.</param>
internal sealed record InvokeResult(byte[] Payload, string? FunctionError);
