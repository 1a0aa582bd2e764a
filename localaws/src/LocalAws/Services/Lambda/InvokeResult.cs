using System.Text;
using System.Text.Json.Nodes;

namespace LocalAws.Services.Lambda;

/// <summary>What an invocation gave.</summary>
/// <param name="Payload">The function's answer, or an error document.</param>
/// <param name="FunctionError"><c>Unhandled</c> when the function failed, else null.</param>
internal sealed record InvokeResult(byte[] Payload, string? FunctionError)
{
    /// <summary>The payload as text, for logs.</summary>
    public string Text => Encoding.UTF8.GetString(Payload);

    /// <summary>A failure that Lambda itself states.</summary>
    public static InvokeResult Error(string requestId, string type, string message)
    {
        var document = new JsonObject { ["errorType"] = type, ["errorMessage"] = $"RequestId: {requestId} Error: {message}" };
        return new InvokeResult(Encoding.UTF8.GetBytes(document.ToJsonString()), "Unhandled");
    }
}
