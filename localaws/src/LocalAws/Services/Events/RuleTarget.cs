using System.Text.Json.Nodes;
using LocalAws.Protocols;

namespace LocalAws.Services.Events;

/// <summary>Where a rule delivers.</summary>
/// <param name="Document">As it was put.</param>
internal sealed record RuleTarget(JsonObject Document)
{
    private static readonly string[] Understood = ["Id", "Arn", "Input", "InputPath", "DeadLetterConfig", "RetryPolicy", "RoleArn"];

    /// <summary>Names it within its rule.</summary>
    public string Id => Document.Required("Id");

    /// <summary>The function, queue, topic or bus.</summary>
    public string Arn => Document.Required("Arn");

    /// <summary>The queue of events that could not be delivered; null when there is none.</summary>
    public string? DeadLetterArn => (Document["DeadLetterConfig"] as JsonObject)?.Text("Arn");

    /// <exception cref="AwsException">Something is missing, or would change what is delivered and is not carried out here.</exception>
    public static RuleTarget Parse(JsonObject document)
    {
        var target = new RuleTarget((JsonObject)document.DeepClone());
        _ = target.Id;
        var other = document.Select(member => member.Key).Except(Understood, StringComparer.Ordinal).FirstOrDefault();
        var service = target.Arn.Split(':').ElementAtOrDefault(2);
        return other is not null
            ? throw AwsException.NotImplemented("events", $"PutTargets with {other}")
            : service is "lambda" or "sqs" or "sns"
                ? target
                : throw AwsException.NotImplemented("events", $"PutTargets with a target of {service} (lambda, sqs and sns are)");
    }

    /// <summary>What is delivered of an event.</summary>
    public string InputOf(JsonObject @event)
    {
        if (Document.Text("Input") is { } constant)
        {
            return constant;
        }

        // A path such as $.detail.object.
        JsonNode? part = @event;
        foreach (var name in (Document.Text("InputPath") ?? "$").Split('.').Skip(1))
        {
            part = (part as JsonObject)?[name];
        }

        return part is null ? "null" : JsonText.Of(part);
    }
}
