using System.Text.Json.Nodes;
using LocalAws.Routing;

namespace LocalAws.Protocols;

/// <summary>
/// A service of the REST-JSON protocol: each operation from a request, with its body as JSON, to a JSON object or nothing.
/// </summary>
internal abstract class RestJsonService(string signingName) : AwsService(signingName)
{
    protected void On(
        string operation, Func<AwsRequest, JsonObject, Task<JsonObject?>> handler, int status = StatusCodes.Status200OK) => On(
        operation,
        async request =>
        {
            if (await handler(request, JsonInput.Parse(request.Body)) is { } output)
            {
                await JsonResponse.WriteAsync(request.Http, output, "application/json", status);
            }
            else
            {
                request.Http.Response.StatusCode = StatusCodes.Status204NoContent;
            }
        });

    protected void On(string operation, Func<AwsRequest, JsonObject, JsonObject?> handler, int status = StatusCodes.Status200OK) =>
        On(operation, (request, input) => Task.FromResult(handler(request, input)), status);
}
