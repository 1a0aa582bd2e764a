using System.Text;
using LocalAws.Protocols;
using LocalAws.Services.Lambda;
using LocalAws.Services.Sns;
using LocalAws.Services.Sqs;

namespace LocalAws.Services.Messaging;

/// <summary>Delivers messages of one service to functions, queues and topics.</summary>
internal sealed class EventDelivery(FunctionRegistry functions, AsyncInvocationQueue invocations, QueueClient queues, TopicQueue topics)
{
    /// <summary>Hands a message over; a function is then invoked asynchronously.</summary>
    /// <exception cref="AwsException">The target is not there, or its policy does not let the service in.</exception>
    public async Task DeliverAsync(Delivery delivery, CancellationToken cancellationToken)
    {
        switch (delivery.TargetArn.Split(':').ElementAtOrDefault(2))
        {
            case "lambda":
                if (functions.Find(delivery.TargetArn) is not { } function)
                {
                    throw FunctionRegistry.NotFound($"Function not found: {delivery.TargetArn}");
                }

                if (!function.Policy.Allows(delivery.Service, delivery.SourceArn))
                {
                    throw new AwsException(
                        "AccessDeniedException",
                        $"The policy of {function.Arn} does not let {delivery.Service} invoke it for {delivery.SourceArn}.",
                        StatusCodes.Status403Forbidden);
                }

                invocations.Enqueue(delivery.Scope, function.Arn, Encoding.UTF8.GetBytes(delivery.Body));
                break;
            case "sqs":
                await queues.SendAsync(delivery.TargetArn, delivery.Body, delivery.Attributes, cancellationToken);
                break;
            case "sns":
                topics.Publish(new TopicMessage(delivery.Scope, delivery.TargetArn, delivery.Body, null, delivery.Attributes));
                break;
            default:
                throw AwsException.NotImplemented("events", $"delivery to {delivery.TargetArn}");
        }
    }
}
