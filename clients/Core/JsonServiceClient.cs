using System.Text.Json.Nodes;
using Amazon.Runtime;
using Amazon.Runtime.Internal;
using Amazon.Runtime.Internal.Auth;

namespace Amazon.Thin;

/// <summary>
/// What the official client of a JSON service does, on the same pipeline (credentials, SigV4, retries, errors), for the few operations
/// that are needed. The clients built on it have the official names, so that a project that has the official packages swaps them in.
/// </summary>
/// <param name="targetPrefix">The part of X-Amz-Target before the operation, e.g. <c>AWSGlue</c>.</param>
/// <param name="attemptTimeout">Time for one attempt of a call; null leaves it to the SDK.</param>
/// <param name="jsonVersion">The protocol's version, 1.0 or 1.1.</param>
public abstract class JsonServiceClient(
    string serviceId, string signingName, string targetPrefix, TimeSpan? attemptTimeout = null, string jsonVersion = "1.1")
    : AmazonServiceClient(new JsonServiceConfig(serviceId, signingName, attemptTimeout))
{
    protected override IServiceMetadata ServiceMetadata { get; } = new JsonServiceMetadata(serviceId);

    /// <summary>Calls an operation.</summary>
    /// <exception cref="AmazonServiceException">The service's error; <c>ErrorCode</c> is its name.</exception>
    protected async Task<JsonObject> InvokeAsync(string operation, JsonObject input, CancellationToken cancellationToken)
    {
        var options = new InvokeOptions
        {
            RequestMarshaller = new JsonRequestMarshaller(serviceId, targetPrefix, jsonVersion),
            ResponseUnmarshaller = JsonObjectUnmarshaller.Instance,
        };
        var response = await InvokeAsync<JsonObjectResponse>(
            new JsonObjectRequest(operation, input), options, cancellationToken).ConfigureAwait(false);
        return response.Body;
    }

    protected override void CustomizeRuntimePipeline(RuntimePipeline pipeline) => pipeline.AddHandlerAfter<Marshaller>(new SigV4Handler());

    private sealed class SigV4Handler : BaseAuthResolverHandler
    {
        protected override List<IAuthSchemeOption> ResolveAuthOptions(IExecutionContext executionContext) =>
            Runtime.Credentials.Internal.AuthSchemeOption.DEFAULT_SIGV4;
    }

    private sealed class JsonServiceMetadata(string serviceId) : IServiceMetadata
    {
        public string ServiceId => serviceId;

        public IDictionary<string, string> OperationNameMapping { get; } = new Dictionary<string, string>();
    }
}
