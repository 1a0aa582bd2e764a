using Amazon.Runtime;
using Amazon.Runtime.Endpoints;
using Amazon.Runtime.Internal;

namespace Amazon.Thin;

/// <summary>
/// Where a service of the JSON 1.1 protocol is and how its requests are signed. <c>AWS_ENDPOINT_URL</c> and the region's variables are
/// honoured as in every SDK.
/// </summary>
/// <param name="serviceId">The service's id as in <c>AWS_ENDPOINT_URL_&lt;ID&gt;</c>.</param>
/// <param name="signingName">The name in the credential scope and in the host name.</param>
/// <param name="attemptTimeout">Time for one attempt of a call; null leaves it to the SDK.</param>
public sealed class JsonServiceConfig : ClientConfig
{
    // The retries, time-outs and modes that the SDK itself calls "standard".
    private static readonly DefaultConfiguration Standard = new()
    {
        Name = DefaultConfigurationMode.Standard,
        RetryMode = RequestRetryMode.Standard,
        S3UsEast1RegionalEndpoint = S3UsEast1RegionalEndpointValue.Regional,
        ConnectTimeout = TimeSpan.FromSeconds(3.1),
        TlsNegotiationTimeout = TimeSpan.FromSeconds(3.1),
        TimeToFirstByteTimeout = null,
        HttpRequestTimeout = null,
    };

    private readonly string _signingName;

    public JsonServiceConfig(string serviceId, string signingName, TimeSpan? attemptTimeout = null)
        : base(new DefaultConfigurationProvider([Standard]))
    {
        ServiceId = serviceId;
        _signingName = signingName;
        AuthenticationServiceName = signingName;
        // The SDK takes no null for "as it is".
        if (attemptTimeout is { } timeout)
        {
            Timeout = timeout;
        }
    }

    public override string ServiceVersion => "1.1";

    public override string UserAgent => $"aws-cdc-pipeline/{ServiceId}";

    public override string RegionEndpointServiceName => _signingName;

    public override Endpoint DetermineServiceOperationEndpoint(ServiceOperationEndpointParameters parameters) =>
        new(
            ServiceURL is { Length: > 0 } url
                ? url
                : $"https://{_signingName}."
                    + $"{(RegionEndpoint ?? throw new AmazonClientException("No region is set: give AWS_REGION.")).SystemName}"
                    + ".amazonaws.com/");
}
