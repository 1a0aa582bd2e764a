using System.Text.Json.Nodes;
using LocalAws.Protocols;

namespace LocalAws.Services.Sqs;

/// <summary>A message that was received from a queue.</summary>
/// <param name="Document">The <c>Message</c> structure of ReceiveMessage.</param>
internal sealed record QueueMessage(JsonObject Document)
{
    /// <summary>The message's id.</summary>
    public string Id => Document.Required("MessageId");

    /// <summary>By which this reception of it is deleted.</summary>
    public string ReceiptHandle => Document.Required("ReceiptHandle");

    /// <summary>Its text.</summary>
    public string Body => Document.Text("Body") ?? "";

    /// <summary>Its attributes as SendMessage takes them.</summary>
    public JsonObject Attributes => Document["MessageAttributes"] as JsonObject ?? [];
}
