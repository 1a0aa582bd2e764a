using System.Text.Json.Nodes;
using Amazon.Runtime;

namespace Amazon.Thin;

/// <summary>An answer as its JSON body.</summary>
internal sealed class JsonObjectResponse : AmazonWebServiceResponse
{
    public JsonObject Body { get; init; } = [];
}
