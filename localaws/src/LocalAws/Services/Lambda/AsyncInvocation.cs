using LocalAws.Routing;

namespace LocalAws.Services.Lambda;

/// <summary>An event that waits for its function.</summary>
/// <param name="Scope">Account and region of who sent it.</param>
/// <param name="FunctionArn">The function.</param>
/// <param name="Payload">The event.</param>
/// <param name="RequestId">The same for every attempt.</param>
/// <param name="Received">When it was taken; its age counts from here.</param>
internal sealed record AsyncInvocation(AwsScope Scope, string FunctionArn, byte[] Payload, string RequestId, DateTimeOffset Received);
