using System.Text.Json.Nodes;
using LocalAws.Protocols;

namespace LocalAws.Services.Dms;

/// <summary>An endpoint: what the API shows, and the password, which it never shows.</summary>
/// <param name="Shape">The <c>Endpoint</c> structure.</param>
/// <param name="Password">Given with the request instead of a secret; null when a secret is named.</param>
internal sealed record DmsEndpoint(JsonObject Shape, string? Password)
{
    public string Arn => Shape.Required("EndpointArn");

    public string Identifier => Shape.Required("EndpointIdentifier");

    public bool IsSource => Shape.Text("EndpointType") == "SOURCE";
}
