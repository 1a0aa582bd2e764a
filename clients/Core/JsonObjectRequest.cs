using System.Text.Json.Nodes;
using Amazon.Runtime;

namespace Amazon.Thin;

/// <summary>A request as its JSON body.</summary>
internal sealed class JsonObjectRequest(string operation, JsonObject body) : AmazonWebServiceRequest
{
    public string Operation { get; } = operation;

    public JsonObject Body { get; } = body;
}
