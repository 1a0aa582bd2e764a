using System.Text.Json.Nodes;
using LocalAws.Routing;

namespace LocalAws.Protocols;

/// <summary>A service of the JSON protocol: a table of operations, each from a JSON object to a JSON object.</summary>
internal abstract class JsonService(string signingName) : IAwsService
{
    internal delegate Task<JsonObject> Operation(AwsScope scope, JsonObject input, CancellationToken cancellationToken);

    private readonly Dictionary<string, Operation> _operations = new(StringComparer.Ordinal);

    public string SigningName { get; } = signingName;

    public bool Owns(string operation) => _operations.ContainsKey(operation);

    public async Task HandleAsync(AwsRequest request)
    {
        var output = await _operations[request.Operation](request.Scope, JsonInput.Parse(request.Body), request.Aborted);
        await JsonResponse.WriteAsync(request.Http, output);
    }

    protected void On(string operation, Operation handler) => _operations.Add(operation, handler);

    protected void On(string operation, Func<AwsScope, JsonObject, JsonObject> handler) =>
        On(operation, (scope, input, _) => Task.FromResult(handler(scope, input)));
}
