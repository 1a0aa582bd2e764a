using System.Net;
using System.Text.Json.Nodes;
using Amazon.Runtime;
using Amazon.Runtime.Internal.Transform;

namespace Amazon.Thin;

/// <summary>Reads answers and errors of the JSON 1.1 protocol.</summary>
internal sealed class JsonObjectUnmarshaller : JsonResponseUnmarshaller
{
    public static readonly JsonObjectUnmarshaller Instance = new();

    public override AmazonWebServiceResponse Unmarshall(JsonUnmarshallerContext input) => new JsonObjectResponse { Body = Read(input) };

    public override AmazonServiceException UnmarshallException(
        JsonUnmarshallerContext input, Exception innerException, HttpStatusCode statusCode)
    {
        var body = Read(input);
        var code = (body["__type"]?.GetValue<string>() ?? "UnknownError").Split('#')[^1];
        var message = (body["message"] ?? body["Message"])?.GetValue<string>() ?? $"The service answered {(int)statusCode}.";
        return new AmazonServiceException(
            $"{code}: {message}", innerException, ErrorType.Unknown, code, input.ResponseData.GetHeaderValue("x-amzn-RequestId"),
            statusCode);
    }

    private static JsonObject Read(JsonUnmarshallerContext context)
    {
        using var buffer = new MemoryStream();
        context.Stream.CopyTo(buffer);
        try
        {
            return buffer.Length == 0 ? [] : JsonNode.Parse(buffer.ToArray()) as JsonObject ?? [];
        }
        catch (System.Text.Json.JsonException)
        {
            // Not the service, but something in front of it: its status tells more than its page.
            return [];
        }
    }
}
