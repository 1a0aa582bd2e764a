using System.Text.Json.Nodes;
using LocalAws.Routing;

namespace LocalAws.Services.Lambda;

/// <summary>A function as it is deployed now.</summary>
internal sealed class LambdaFunction
{
    public required AwsScope Scope { get; init; }

    public required string Name { get; init; }

    /// <summary>The configuration as the API shows it, without what code and state add.</summary>
    public required JsonObject Configuration { get; set; }

    /// <summary>The deployed code; replaced as a whole by UpdateFunctionCode.</summary>
    public required FunctionCode Code { get; set; }

    public FunctionPolicy Policy { get; } = new();

    /// <summary>Where its events run.</summary>
    public EnvironmentPool Environments { get; } = new();

    public Dictionary<string, string> Tags { get; } = new(StringComparer.Ordinal);

    /// <summary>Settings of asynchronous invocation, null when none were put.</summary>
    public JsonObject? EventInvokeConfig { get; set; }

    public int? ReservedConcurrency { get; set; }

    /// <summary>Grows with each change of code or configuration; an execution environment of an older revision is not used again.</summary>
    public int Revision { get; private set; }

    public DateTimeOffset LastModified { get; private set; } = DateTimeOffset.UtcNow;

    /// <summary>Notes that code or configuration is another now.</summary>
    public void Changed()
    {
        Revision++;
        LastModified = DateTimeOffset.UtcNow;
    }

    public string Arn => Scope.Arn("lambda", $"function:{Name}");

    public TimeSpan Timeout => TimeSpan.FromSeconds(Configuration["Timeout"]?.GetValue<int>() ?? 3);

    public int MemorySize => Configuration["MemorySize"]?.GetValue<int>() ?? 128;

    public string LogGroup => Configuration["LoggingConfig"]?["LogGroup"]?.GetValue<string>() ?? $"/aws/lambda/{Name}";

    public IEnumerable<KeyValuePair<string, string>> Variables =>
        Configuration["Environment"]?["Variables"] is JsonObject variables
            ? variables.Select(item => KeyValuePair.Create(item.Key, item.Value!.GetValue<string>()))
            : [];
}
