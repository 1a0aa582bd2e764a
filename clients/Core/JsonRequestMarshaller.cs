using System.Text;
using Amazon.Runtime;
using Amazon.Runtime.Internal;
using Amazon.Runtime.Internal.Transform;

namespace Amazon.Thin;

/// <summary>Puts a JSON body on the wire as the JSON protocols want it.</summary>
internal sealed class JsonRequestMarshaller(string serviceId, string targetPrefix, string version)
    : IMarshaller<IRequest, AmazonWebServiceRequest>
{
    public IRequest Marshall(AmazonWebServiceRequest input)
    {
        var json = (JsonObjectRequest)input;
        var request = new DefaultRequest(input, serviceId)
        {
            HttpMethod = "POST",
            ResourcePath = "/",
            Content = Encoding.UTF8.GetBytes(json.Body.ToJsonString()),
        };
        request.Headers["X-Amz-Target"] = $"{targetPrefix}.{json.Operation}";
        request.Headers["Content-Type"] = $"application/x-amz-json-{version}";
        return request;
    }
}
