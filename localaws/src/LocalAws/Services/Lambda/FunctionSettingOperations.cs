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
        var destinations = input["DestinationConfig"];
        if (destinations?["OnFailure"]?["Destination"] is not null || destinations?["OnSuccess"]?["Destination"] is not null)
        {
            throw AwsException.NotImplemented("lambda", "PutFunctionEventInvokeConfig with destinations");
        }

        function.EventInvokeConfig = new JsonObject
        {
            ["FunctionArn"] = $"{function.Arn}:{FunctionDescription.LatestVersion}",
            ["LastModified"] = JsonInput.Epoch(clock.GetUtcNow()),
            ["MaximumRetryAttempts"] = input["MaximumRetryAttempts"]?.DeepClone(),
            ["MaximumEventAgeInSeconds"] = input["MaximumEventAgeInSeconds"]?.DeepClone(),
            ["DestinationConfig"] = new JsonObject { ["OnFailure"] = new JsonObject(), ["OnSuccess"] = new JsonObject() },
        };
        return (JsonObject)function.EventInvokeConfig.DeepClone();
    }

    public JsonObject? DeleteEventInvoke(AwsRequest request, JsonObject input)
    {
        functions.Named(request).EventInvokeConfig = null;
        return null;
    }

    public JsonObject ListTags(AwsRequest request, JsonObject input)
    {
        var arn = functions.Named(request).Arn;
        return new JsonObject { ["Tags"] = TagJson.Map(functions.Tags.Find(arn) ?? throw FunctionRegistry.NotFound(arn)) };
    }

    public JsonObject? Tag(AwsRequest request, JsonObject input)
    {
        functions.Tags.Add(functions.Named(request).Arn, input.TagMap());
        return null;
    }

    public JsonObject? Untag(AwsRequest request, JsonObject input)
    {
        functions.Tags.Remove(functions.Named(request).Arn, [.. request.Http.Request.Query["tagKeys"].OfType<string>()]);
        return null;
    }
}
