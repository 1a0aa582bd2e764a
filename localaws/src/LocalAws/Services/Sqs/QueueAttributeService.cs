using System.Collections.Concurrent;
using System.Text;
using System.Text.Json.Nodes;
using LocalAws.Moto;
using LocalAws.Protocols;
using LocalAws.Routing;

namespace LocalAws.Services.Sqs;

/// <summary>
/// Attributes of queues with what moto lacks: <c>RedriveAllowPolicy</c>, by which a dead-letter queue says whose it is, and policies that
/// are given back as they were put. All else is moto's.
/// </summary>
internal sealed class QueueAttributeService : AwsService
{
    private const string Attribute = "RedriveAllowPolicy";

    private readonly MotoForwarder _forwarder;
    private readonly ConcurrentDictionary<string, string> _policies = new(StringComparer.Ordinal);

    public QueueAttributeService(MotoForwarder forwarder)
        : base("sqs")
    {
        _forwarder = forwarder;
        On("CreateQueue", ChangeAsync);
        On("SetQueueAttributes", ChangeAsync);
        On("GetQueueAttributes", ReadAsync);
        On("DeleteQueue", DeleteAsync);
    }

    /// <summary>
    /// The ARN of the queue that a request of the JSON protocol names; null for the query protocol, which none of our clients speaks.
    /// </summary>
    private static string? ArnOf(AwsRequest request, JsonObject input) =>
        (input.Text("QueueName") ?? input.Text("QueueUrl"))?.Split('/')[^1] is { } name ? request.Scope.Arn("sqs", name) : null;

    private static JsonObject Input(AwsRequest request) => request.Protocol == WireProtocol.Json ? JsonInput.Parse(request.Body) : [];

    private async Task ChangeAsync(AwsRequest request)
    {
        var input = Input(request);
        var attributes = input["Attributes"] as JsonObject ?? [];
        var arn = ArnOf(request, input);
        if (arn is not null && attributes.Text("RedrivePolicy") is { Length: > 0 } redrive)
        {
            RequireAllowed(arn, JsonInput.Parse(Encoding.UTF8.GetBytes(redrive)).Text("deadLetterTargetArn") ?? "");
        }

        using var answer = await _forwarder.SendAsync(request, request.Aborted);
        if (answer.IsSuccessStatusCode && arn is not null && attributes.Text(Attribute) is { } policy)
        {
            // The empty text takes it away again.
            if (policy.Length == 0)
            {
                _policies.TryRemove(arn, out _);
            }
            else
            {
                _policies[arn] = policy;
            }
        }

        await MotoForwarder.WriteAsync(request, answer);
    }

    private async Task ReadAsync(AwsRequest request)
    {
        var input = Input(request);
        using var answer = await _forwarder.SendAsync(request, request.Aborted);
        if (!answer.IsSuccessStatusCode || ArnOf(request, input) is not { } arn)
        {
            await MotoForwarder.WriteAsync(request, answer);
            return;
        }

        var body = JsonInput.Parse(await answer.Content.ReadAsByteArrayAsync(request.Aborted));
        if (body["Attributes"] is not JsonObject attributes)
        {
            body["Attributes"] = attributes = [];
        }

        if (attributes.Text("RedrivePolicy") is { Length: > 0 } redrive && JsonNode.Parse(redrive) is { } document)
        {
            // AWS gives it back as it was put, moto with blanks.
            attributes["RedrivePolicy"] = JsonText.Of(document);
        }

        var names = input.Strings("AttributeNames");
        if (_policies.TryGetValue(arn, out var policy) && (names.Contains("All") || names.Contains(Attribute)))
        {
            attributes[Attribute] = policy;
        }

        await MotoForwarder.WriteAsync(request, answer, Encoding.UTF8.GetBytes(JsonText.Of(body)));
    }

    private async Task DeleteAsync(AwsRequest request)
    {
        using var answer = await _forwarder.SendAsync(request, request.Aborted);
        if (answer.IsSuccessStatusCode && ArnOf(request, Input(request)) is { } arn)
        {
            _policies.TryRemove(arn, out _);
        }

        await MotoForwarder.WriteAsync(request, answer);
    }

    /// <exception cref="AwsException">The dead-letter queue does not let this queue use it.</exception>
    private void RequireAllowed(string queue, string deadLetters)
    {
        if (!_policies.TryGetValue(deadLetters, out var policy))
        {
            return;
        }

        var document = JsonInput.Parse(Encoding.UTF8.GetBytes(policy));
        var isAllowed = document.Text("redrivePermission") switch
        {
            "denyAll" => false,
            "byQueue" => document.Strings("sourceQueueArns").Contains(queue),
            _ => true,
        };
        if (!isAllowed)
        {
            throw new AwsException(
                "InvalidParameterValue",
                $"Value for parameter RedrivePolicy is invalid. Reason: the redrive allow policy of {deadLetters} does not allow {queue}.");
        }
    }
}
