using System.Collections.Concurrent;
using LocalAws.Routing;

namespace LocalAws.Services.Lambda;

/// <summary>All functions, by ARN.</summary>
internal sealed class FunctionRegistry
{
    private readonly ConcurrentDictionary<string, LambdaFunction> _functions = new(StringComparer.Ordinal);

    /// <summary>Finds a function by its ARN, with or without a qualifier.</summary>
    public LambdaFunction? Find(string arn) => _functions.GetValueOrDefault(string.Join(':', arn.Split(':').Take(7)));

    /// <summary>Finds a function by name, partial or full ARN, in the scope of the request.</summary>
    public LambdaFunction? Find(AwsScope scope, string nameOrArn)
    {
        var parts = nameOrArn.Split(':');
        var at = Array.IndexOf(parts, "function");
        var name = at >= 0 ? parts[at + 1] : parts[0];
        return _functions.GetValueOrDefault(scope.Arn("lambda", $"function:{name}"));
    }

    public bool Add(LambdaFunction function) => _functions.TryAdd(function.Arn, function);

    public void Remove(LambdaFunction function) => _functions.TryRemove(function.Arn, out _);

    public IEnumerable<LambdaFunction> In(AwsScope scope) =>
        _functions.Values.Where(function => function.Scope == scope).OrderBy(function => function.Name, StringComparer.Ordinal);
}
