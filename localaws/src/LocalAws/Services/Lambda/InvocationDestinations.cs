using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using LocalAws.Protocols;
using LocalAws.Services.Events;
using LocalAws.Services.Messaging;

namespace LocalAws.Services.Lambda;

/// <summary>
/// Sends outcomes of asynchronous invocations where the function says: to its destinations as a record of what happened, to its dead-letter
/// queue as the event itself. Shapes recorded on AWS (localstack, test_lambda_destinations.snapshot.json, 2025-11-24).
/// </summary>
internal sealed class InvocationDestinations(
    EventDelivery delivery, EventBus bus, TimeProvider clock, ILogger<InvocationDestinations> logger) : IInvocationOutcomes
{
    private const string Service = "lambda.amazonaws.com";
    private const int LongestErrorMessage = 1024;

    /// <inheritdoc/>
    public async Task TellAsync(LambdaFunction function, InvocationOutcome outcome, CancellationToken cancellationToken)
    {
        var kind = outcome.Succeeded ? "OnSuccess" : "OnFailure";
        if ((function.EventInvokeConfig?["DestinationConfig"]?[kind] as JsonObject)?.Text("Destination") is { } destination)
        {
            await SendAsync(function, outcome, destination, cancellationToken);
        }

        if (!outcome.Succeeded
            && (function.Current.Configuration["DeadLetterConfig"] as JsonObject)?.Text("TargetArn") is { Length: > 0 } dead)
        {
            await TryAsync(
                function,
                new Delivery(function.Scope, dead, Encoding.UTF8.GetString(outcome.Invocation.Payload), Service, function.Arn)
                {
                    Attributes = new Dictionary<string, MessageAttribute>
                    {
                        ["RequestID"] = MessageAttribute.Text(outcome.Invocation.RequestId),
                        ["ErrorCode"] = new MessageAttribute("Number", "200"),
                        ["ErrorMessage"] = MessageAttribute.Text(ErrorMessage(outcome)),
                    },
                },
                cancellationToken);
        }
    }

    private async Task SendAsync(
        LambdaFunction function, InvocationOutcome outcome, string destination, CancellationToken cancellationToken)
    {
        var record = Record(function, outcome);
        if (destination.Contains(":event-bus/", StringComparison.Ordinal))
        {
            var type = $"Lambda Function Invocation Result - {(outcome.Succeeded ? "Success" : "Failure")}";
            bus.Publish(
                function.Scope,
                EventBridgeEvent.Of(function.Scope, "lambda", type, record, [destination, function.Arn], clock.GetUtcNow()));
            return;
        }

        await TryAsync(
            function, new Delivery(function.Scope, destination, JsonText.Of(record), Service, function.Arn), cancellationToken);
    }

    private async Task TryAsync(LambdaFunction function, Delivery message, CancellationToken cancellationToken)
    {
        try
        {
            await delivery.DeliverAsync(message, cancellationToken);
        }
        catch (Exception failure) when (failure is AwsException or HttpRequestException)
        {
            logger.LogError(
                "An event of {Function} is lost: {Target} could not take it: {Message}", function.Name, message.TargetArn, failure.Message);
        }
    }

    private JsonObject Record(LambdaFunction function, InvocationOutcome outcome)
    {
        var record = new JsonObject
        {
            ["version"] = "1.0",
            ["timestamp"] = clock.GetUtcNow().UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture),
            ["requestContext"] = new JsonObject
            {
                ["requestId"] = outcome.Invocation.RequestId,
                ["functionArn"] = $"{function.Arn}:{FunctionDescription.LatestVersion}",
                ["condition"] = outcome.Condition,
                ["approximateInvokeCount"] = outcome.Attempts,
            },
            ["requestPayload"] = Json(outcome.Invocation.Payload),
        };
        if (outcome.Result is { } result)
        {
            var context = new JsonObject { ["statusCode"] = 200, ["executedVersion"] = FunctionDescription.LatestVersion };
            if (result.FunctionError is { } error)
            {
                context["functionError"] = error;
            }

            record["responseContext"] = context;
            record["responsePayload"] = Json(result.Payload);
        }

        return record;
    }

    private static string ErrorMessage(InvocationOutcome outcome)
    {
        var message = outcome.Result is { } result && Json(result.Payload) is JsonObject document
            ? document.Text("errorMessage") ?? outcome.Condition
            : outcome.Condition;
        return message.Length > LongestErrorMessage ? message[..LongestErrorMessage] : message;
    }

    private static JsonNode? Json(byte[] payload)
    {
        try
        {
            return JsonNode.Parse(payload);
        }
        catch (JsonException)
        {
            // A function may answer anything; what is no JSON is told as text.
            return Encoding.UTF8.GetString(payload);
        }
    }
}
