using System.Collections.Concurrent;
using LocalAws.Protocols;
using LocalAws.Routing;

namespace LocalAws.Services.Lambda;

/// <summary>All functions, by ARN.</summary>
internal sealed class FunctionRegistry
{
    private readonly ConcurrentDictionary<string, LambdaFunction> _functions = new(StringComparer.Ordinal);

    public TagStore Tags { get; } = new();

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

    /// <summary>Finds the function that a request's path names.</summary>
    /// <exception cref="AwsException">ResourceNotFoundException.</exception>
    public LambdaFunction Named(AwsRequest request)
    {
        var name = PathPart(request, 2);
        return Find(request.Scope, name) ?? throw NotFound($"Function not found: {request.Scope.Arn("lambda", "function:" + name)}");
    }

    /// <summary>A part of a request's path, counted from 0.</summary>
    public static string PathPart(AwsRequest request, int index) =>
        Uri.UnescapeDataString((request.Http.Request.Path.Value ?? "").Trim('/').Split('/').ElementAtOrDefault(index) ?? "");

    /// <returns>False when there is a function of that name.</returns>
    public bool Add(LambdaFunction function, IReadOnlyCollection<KeyValuePair<string, string>> tags)
    {
        var isNew = _functions.TryAdd(function.Arn, function);
        if (isNew)
        {
            Tags.Create(function.Arn, tags);
        }

        return isNew;
    }

    public void Remove(LambdaFunction function)
    {
        if (_functions.TryRemove(KeyValuePair.Create(function.Arn, function)))
        {
            Tags.Forget(function.Arn);
        }
    }

    public static AwsException NotFound(string message) => new("ResourceNotFoundException", message, StatusCodes.Status404NotFound);

    public IEnumerable<LambdaFunction> In(AwsScope scope) =>
        _functions.Values.Where(function => function.Scope == scope).OrderBy(function => function.Name, StringComparer.Ordinal);
}
