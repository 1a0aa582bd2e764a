using System.Text.Json.Nodes;
using LocalAws.Routing;

namespace LocalAws.Services.Lambda;

/// <summary>A deployed function.</summary>
internal sealed class LambdaFunction
{
    private readonly Lock _gate = new();
    private FunctionVersion _current;

    public LambdaFunction(AwsScope scope, string name, JsonObject configuration, FunctionCode code, DateTimeOffset now)
    {
        (Scope, Name) = (scope, name);
        _current = new FunctionVersion(0, configuration, code, now);
    }

    public AwsScope Scope { get; }

    public string Name { get; }

    /// <summary>Code and configuration as they are now.</summary>
    public FunctionVersion Current
    {
        get
        {
            lock (_gate)
            {
                return _current;
            }
        }
    }

    public FunctionPolicy Policy { get; } = new();

    /// <summary>Where its events run.</summary>
    public EnvironmentPool Environments { get; } = new();

    /// <summary>Settings of asynchronous invocation, null when none were put.</summary>
    public JsonObject? EventInvokeConfig { get; set; }

    public int? ReservedConcurrency { get; set; }

    public string Arn => Scope.Arn("lambda", $"function:{Name}");

    public string LogGroup => Current.LogGroup ?? $"/aws/lambda/{Name}";

    /// <summary>Makes another version; an execution environment of an older one is not used again.</summary>
    /// <param name="change">Changes the configuration, of which it gets a copy of its own.</param>
    /// <param name="code">The new code; null keeps the old.</param>
    /// <param name="now">The time of the change.</param>
    public void Change(Action<JsonObject> change, FunctionCode? code, DateTimeOffset now)
    {
        lock (_gate)
        {
            var configuration = (JsonObject)_current.Configuration.DeepClone();
            change(configuration);
            _current = new FunctionVersion(_current.Revision + 1, configuration, code ?? _current.Code, now);
        }
    }
}
