using System.Text;
using System.Text.Json.Nodes;

namespace LocalAws.Services.Lambda;

/// <summary>What an invocation gave.</summary>
/// <param name="Payload">The function's answer, or an error document.</param>
/// <param name="FunctionError"><c>Unhandled</c> when the function failed, else null.</param>
internal sealed record InvokeResult(byte[] Payload, string? FunctionError)
{
    /// <summary>What Lambda itself says of a failure that the function did not report; null for what the function answered.</summary>
    public string? PlatformError { get; private init; }

    /// <summary>The payload as text, for logs.</summary>
    public string Text => Encoding.UTF8.GetString(Payload);

    /// <summary>A failure that Lambda itself states.</summary>
    public static InvokeResult Error(string requestId, string type, string message)
    {
        var text = $"RequestId: {requestId} Error: {message}";
        var document = new JsonObject { ["errorType"] = type, ["errorMessage"] = text };
        return new InvokeResult(Encoding.UTF8.GetBytes(document.ToJsonString()), "Unhandled") { PlatformError = text };
    }
}
