using System.Text.Json.Nodes;
using LocalAws.Protocols;
using LocalAws.Routing;

namespace LocalAws.Services.Lambda;

/// <summary>What is set beside a function's configuration: concurrency, asynchronous invocation, tags.</summary>
internal sealed class FunctionSettingOperations(FunctionRegistry functions, TimeProvider clock)
{
    public JsonObject GetCodeSigning(AwsRequest request, JsonObject input) => new() { ["FunctionName"] = functions.Named(request).Name };

    public JsonObject GetConcurrency(AwsRequest request, JsonObject input) =>
        functions.Named(request).ReservedConcurrency is { } reserved ? new JsonObject { ["ReservedConcurrentExecutions"] = reserved } : [];

    public JsonObject PutConcurrency(AwsRequest request, JsonObject input)
    {
        var reserved = input.Integer("ReservedConcurrentExecutions") ?? throw new AwsException(
            "InvalidParameterValueException", "The request must contain ReservedConcurrentExecutions.");
        functions.Named(request).ReservedConcurrency = reserved;
        return new JsonObject { ["ReservedConcurrentExecutions"] = reserved };
    }

    public JsonObject? DeleteConcurrency(AwsRequest request, JsonObject input)
    {
        functions.Named(request).ReservedConcurrency = null;
        return null;
    }

    public JsonObject GetEventInvoke(AwsRequest request, JsonObject input)
    {
        var function = functions.Named(request);
        return (JsonObject?)function.EventInvokeConfig?.DeepClone() ?? throw FunctionRegistry.NotFound(
            $"The function {function.Arn}:{FunctionDescription.LatestVersion} doesn't have an EventInvokeConfig");
    }

    public JsonObject PutEventInvoke(AwsRequest request, JsonObject input)
    {
        var function = functions.Named(request);
        // Update keeps what it does not name.
        var before = request.Operation == "UpdateFunctionEventInvokeConfig" ? function.EventInvokeConfig : null;
        JsonNode? Setting(string name) => (input[name] ?? before?[name])?.DeepClone();
        var destinations = Setting("DestinationConfig") as JsonObject ?? [];
        destinations["OnFailure"] ??= new JsonObject();
        destinations["OnSuccess"] ??= new JsonObject();
        RequireDeliverable(destinations);
        function.EventInvokeConfig = new JsonObject
        {
            ["FunctionArn"] = $"{function.Arn}:{FunctionDescription.LatestVersion}",
            ["LastModified"] = JsonInput.Epoch(clock.GetUtcNow()),
            ["MaximumRetryAttempts"] = Setting("MaximumRetryAttempts"),
            ["MaximumEventAgeInSeconds"] = Setting("MaximumEventAgeInSeconds"),
            ["DestinationConfig"] = destinations,
        };
        return (JsonObject)function.EventInvokeConfig.DeepClone();
    }

    private static void RequireDeliverable(JsonObject destinations)
    {
        foreach (var (kind, value) in destinations)
        {
            if ((value as JsonObject)?.Text("Destination") is { } destination
                && destination.Split(':').ElementAtOrDefault(2) is not ("sqs" or "sns" or "lambda" or "events"))
            {
                throw AwsException.NotImplemented("lambda", $"{kind} to {destination} (sqs, sns, lambda and events are)");
            }
        }
    }

    public JsonObject? DeleteEventInvoke(AwsRequest request, JsonObject input)
    {
        functions.Named(request).EventInvokeConfig = null;
        return null;
    }

    public JsonObject ListTags(AwsRequest request, JsonObject input)
    {
        var arn = Tagged(request);
        return new JsonObject { ["Tags"] = TagJson.Map(functions.Tags.Find(arn) ?? throw FunctionRegistry.NotFound(arn)) };
    }

    public JsonObject? Tag(AwsRequest request, JsonObject input)
    {
        functions.Tags.Add(Tagged(request), input.TagMap());
        return null;
    }

    public JsonObject? Untag(AwsRequest request, JsonObject input)
    {
        functions.Tags.Remove(Tagged(request), [.. request.Http.Request.Query["tagKeys"].OfType<string>()]);
        return null;
    }

    /// <summary>The ARN that has tags: of a function, or of an event source mapping.</summary>
    private string Tagged(AwsRequest request)
    {
        var arn = FunctionRegistry.PathPart(request, 2);
        return arn.Contains(":event-source-mapping:", StringComparison.Ordinal) ? arn : functions.Named(request).Arn;
    }
}
