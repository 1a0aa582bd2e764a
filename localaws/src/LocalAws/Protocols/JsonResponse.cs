using System.Text.Json.Nodes;

namespace LocalAws.Protocols;

/// <summary>Writes answers of the JSON protocols.</summary>
internal static class JsonResponse
{
    public static Task WriteAsync(
        HttpContext http, JsonNode? body, string contentType = "application/x-amz-json-1.1", int status = StatusCodes.Status200OK)
    {
        http.Response.StatusCode = status;
        http.Response.ContentType = contentType;
        http.Response.Headers["x-amzn-RequestId"] = Guid.NewGuid().ToString();
        return http.Response.WriteAsync(JsonText.Of(body ?? new JsonObject()), http.RequestAborted);
    }
}
