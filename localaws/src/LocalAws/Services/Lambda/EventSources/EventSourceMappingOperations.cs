using System.Collections.Concurrent;
using System.Globalization;
using System.Text.Json.Nodes;
using LocalAws.Protocols;
using LocalAws.Routing;
using LocalAws.Services.Events.Patterns;
using LocalAws.Services.Sqs;

namespace LocalAws.Services.Lambda.EventSources;

/// <summary>
/// The mappings of queues to functions as the API makes, shows and changes them; <see cref="QueuePoller"/> carries them out.
/// </summary>
internal sealed class EventSourceMappingOperations(FunctionRegistry functions, QueueClient queues, QueuePoller poller, TimeProvider clock)
{
    private const int MostWithoutWindow = 10;

    private static readonly string[] Understood =
    [
        "EventSourceArn", "FunctionName", "Enabled", "BatchSize", "MaximumBatchingWindowInSeconds", "FunctionResponseTypes",
        "ScalingConfig", "FilterCriteria", "Tags",
    ];

    private readonly ConcurrentDictionary<string, EventSourceMapping> _mappings = new(StringComparer.Ordinal);

    public async Task<JsonObject?> CreateAsync(AwsRequest request, JsonObject input)
    {
        RequireUnderstood(input);
        var queue = input.Required("EventSourceArn", "InvalidParameterValueException");
        var function = Function(request.Scope, input.Required("FunctionName", "InvalidParameterValueException"));
        if (queue.Split(':').ElementAtOrDefault(2) != "sqs")
        {
            throw AwsException.NotImplemented("lambda", $"an event source mapping of {queue} (queues of SQS are)");
        }

        if (_mappings.Values.Any(other => other.QueueArn == queue && other.FunctionArn == function.Arn))
        {
            throw new AwsException(
                "ResourceConflictException",
                $"An event source mapping with SQS arn (\" {queue} \") and function (\" {function.Name} \") already exists. Please "
                + "update or delete the existing mapping",
                StatusCodes.Status409Conflict);
        }

        var mapping = new EventSourceMapping
        {
            Uuid = Guid.NewGuid().ToString(),
            Scope = request.Scope,
            QueueArn = queue,
            FunctionArn = function.Arn,
            Settings = Kept([], input),
            LastModified = clock.GetUtcNow(),
        };
        await CheckAsync(mapping, function, request.Aborted);
        _mappings[mapping.Uuid] = mapping;
        functions.Tags.Create(mapping.Arn, input.TagMap());
        poller.Put(mapping);
        return mapping.Describe("Creating");
    }

    public JsonObject Get(AwsRequest request, JsonObject input) => Describe(Named(request));

    public JsonObject List(AwsRequest request, JsonObject input)
    {
        var query = request.Http.Request.Query;
        var (queue, name) = (query["EventSourceArn"].ToString(), query["FunctionName"].ToString());
        var function = name.Length == 0 ? null : Function(request.Scope, name);
        var found = _mappings.Values.Where(mapping => mapping.Scope == request.Scope
            && (queue.Length == 0 || mapping.QueueArn == queue)
            && (function is null || mapping.FunctionArn == function.Arn));
        return new JsonObject { ["EventSourceMappings"] = new JsonArray([.. found.Select(mapping => (JsonNode)Describe(mapping))]) };
    }

    public async Task<JsonObject?> UpdateAsync(AwsRequest request, JsonObject input)
    {
        RequireUnderstood(input);
        var before = Named(request);
        var function = input.Text("FunctionName") is { } name ? Function(request.Scope, name) : Function(request.Scope, before.FunctionArn);
        var mapping = before with
        {
            FunctionArn = function.Arn,
            Settings = Kept(before.Settings, input),
            LastModified = clock.GetUtcNow(),
        };
        await CheckAsync(mapping, function, request.Aborted);
        _mappings[mapping.Uuid] = mapping;
        poller.Put(mapping);
        return mapping.Describe("Updating");
    }

    public JsonObject Delete(AwsRequest request, JsonObject input)
    {
        var mapping = Named(request);
        _mappings.TryRemove(mapping.Uuid, out _);
        functions.Tags.Forget(mapping.Arn);
        poller.Remove(mapping);
        return mapping.Describe("Deleting");
    }

    /// <summary>The mappings of an account and region.</summary>
    public IEnumerable<EventSourceMapping> In(AwsScope scope) => _mappings.Values.Where(mapping => mapping.Scope == scope);

    private static JsonObject Describe(EventSourceMapping mapping) => mapping.Describe(mapping.IsEnabled ? "Enabled" : "Disabled");

    private static JsonObject Kept(JsonObject before, JsonObject input)
    {
        var settings = (JsonObject)before.DeepClone();
        foreach (var (name, value) in input)
        {
            if (name is not ("EventSourceArn" or "FunctionName" or "Tags"))
            {
                settings[name] = value?.DeepClone();
            }
        }

        return settings;
    }

    private static void RequireUnderstood(JsonObject input)
    {
        if (input.FirstOrDefault(member => member.Value is not null && !Understood.Contains(member.Key)).Key is { } other)
        {
            throw AwsException.NotImplemented("lambda", $"an event source mapping with {other}");
        }
    }

    /// <summary>What Lambda checks when a mapping is put.</summary>
    private async Task CheckAsync(EventSourceMapping mapping, LambdaFunction function, CancellationToken cancellationToken)
    {
        foreach (var pattern in mapping.Filters)
        {
            try
            {
                EventPattern.Parse(pattern);
            }
            catch (EventPatternException wrong)
            {
                throw Invalid($"Invalid filter pattern definition. {wrong.Message}");
            }
        }

        if (mapping.BatchSize > MostWithoutWindow && mapping.Window == TimeSpan.Zero)
        {
            throw Invalid("Maximum batch window in seconds must be greater than 0 if maximum batch size is greater than 10");
        }

        if (mapping.MaximumConcurrency is < 2 or > 1000)
        {
            throw Invalid("MaximumConcurrency must be between 2 and 1000.");
        }

        var attributes = await queues.AttributesAsync(mapping.QueueArn, cancellationToken);
        var visibility = int.Parse(attributes["VisibilityTimeout"]?.ToString() ?? "30", CultureInfo.InvariantCulture);
        if (visibility < function.Current.Timeout.TotalSeconds)
        {
            throw Invalid(
                $"Queue visibility timeout: {visibility} seconds is less than Function timeout: "
                + $"{function.Current.Timeout.TotalSeconds:0} seconds");
        }
    }

    private EventSourceMapping Named(AwsRequest request)
    {
        var uuid = FunctionRegistry.PathPart(request, 2);
        return _mappings.GetValueOrDefault(uuid) is { } mapping && mapping.Scope == request.Scope
            ? mapping
            : throw FunctionRegistry.NotFound("The resource you requested does not exist.");
    }

    private LambdaFunction Function(AwsScope scope, string name) =>
        functions.Find(scope, name) ?? throw FunctionRegistry.NotFound($"Function not found: {scope.Arn("lambda", "function:" + name)}");

    private static AwsException Invalid(string message) => new("InvalidParameterValueException", message);
}
