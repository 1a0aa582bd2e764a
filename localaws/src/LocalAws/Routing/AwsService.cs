namespace LocalAws.Routing;

/// <summary>A service whose operations are entered when it is made.</summary>
internal abstract class AwsService(string signingName) : IAwsService
{
    private readonly Dictionary<string, OperationHandler> _operations = new(StringComparer.Ordinal);

    public string SigningName { get; } = signingName;

    public IReadOnlyDictionary<string, OperationHandler> Operations => _operations;

    protected void On(string operation, OperationHandler handler) => _operations.Add(operation, handler);
}
