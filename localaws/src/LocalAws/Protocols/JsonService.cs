using System.Text.Json.Nodes;
using LocalAws.Routing;

namespace LocalAws.Protocols;

/// <summary>A service of the JSON protocol: each operation from a JSON object to a JSON object.</summary>
internal abstract class JsonService(string signingName) : AwsService(signingName)
{
    protected void On(string operation, Func<AwsScope, JsonObject, CancellationToken, Task<JsonObject>> handler) =>
        On(operation, async request =>
    {
        var output = await handler(request.Scope, JsonInput.Parse(request.Body), request.Aborted);
        await JsonResponse.WriteAsync(request.Http, output);
    });

    protected void On(string operation, Func<AwsScope, JsonObject, JsonObject> handler) =>
        On(operation, (scope, input, _) => Task.FromResult(handler(scope, input)));
}
