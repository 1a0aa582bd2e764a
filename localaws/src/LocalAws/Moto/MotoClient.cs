using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;
using LocalAws.Protocols;
using LocalAws.Routing;

namespace LocalAws.Moto;

/// <summary>Calls that the gateway itself makes to its control plane, e.g. to read a secret or to write log events.</summary>
internal sealed class MotoClient(ControlPlane server)
{
    private readonly HttpClient _client = new(new SocketsHttpHandler { UseProxy = false, UseCookies = false })
    {
        Timeout = TimeSpan.FromSeconds(100),
    };

    /// <summary>Calls an operation of the JSON protocol, by its whole target, e.g. <c>secretsmanager.GetSecretValue</c>.</summary>
    /// <exception cref="AwsException">moto's error, with its code and message.</exception>
    public async Task<JsonObject> JsonAsync(
        AwsScope scope, string service, string target, JsonObject input, CancellationToken cancellationToken)
    {
        using var request = Request(HttpMethod.Post, "/", scope, service);
        request.Headers.TryAddWithoutValidation("X-Amz-Target", target);
        request.Content = new ByteArrayContent(Encoding.UTF8.GetBytes(input.ToJsonString()));
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/x-amz-json-1.1");
        using var answer = await _client.SendAsync(request, cancellationToken);
        var text = await answer.Content.ReadAsStringAsync(cancellationToken);
        // An error of the web server below moto is a page, not JSON.
        var isJson = text.StartsWith('{');
        var body = isJson ? (JsonObject)JsonNode.Parse(text)! : [];
        if (answer.IsSuccessStatusCode)
        {
            return isJson || text.Length == 0
                ? body
                : throw new AwsException(
                    "InternalFailure", $"{target} was answered with something that is not JSON: {text}", StatusCodes.Status502BadGateway);
        }

        throw new AwsException(
            (body.Text("__type") ?? "InternalFailure").Split('#')[^1], body.Text("message")
                ?? body.Text("Message") ?? text, (int)answer.StatusCode);
    }

    /// <summary>Calls an operation of the query protocol and returns its XML.</summary>
    public async Task<string> QueryAsync(
        AwsScope scope, string service, IReadOnlyDictionary<string, string> form, CancellationToken cancellationToken)
    {
        using var request = Request(HttpMethod.Post, "/", scope, service);
        request.Content = new FormUrlEncodedContent(form);
        using var answer = await _client.SendAsync(request, cancellationToken);
        var text = await answer.Content.ReadAsStringAsync(cancellationToken);
        return answer.IsSuccessStatusCode ? text : throw new AwsException("InternalFailure", text, (int)answer.StatusCode);
    }

    /// <summary>Sends an S3 request; the caller disposes the answer, whatever its status.</summary>
    public async Task<HttpResponseMessage> S3Async(
        AwsScope scope, HttpMethod method, string bucket, string key, CancellationToken cancellationToken, HttpContent? content = null)
    {
        var path = bucket.Length == 0 ? "/" : "/" + bucket + "/" + string.Join('/', key.Split('/').Select(Uri.EscapeDataString));
        using var request = Request(method, path, scope, "s3");
        request.Content = content;
        return await _client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellationToken);
    }

    /// <summary>The bytes of an object, for example a function's zip or a job's script.</summary>
    /// <exception cref="AwsException">The object cannot be read; the code is S3's.</exception>
    public async Task<byte[]> ObjectAsync(AwsScope scope, string bucket, string key, CancellationToken cancellationToken)
    {
        using var answer = await S3Async(scope, HttpMethod.Get, bucket, key, cancellationToken);
        return answer.IsSuccessStatusCode
            ? await answer.Content.ReadAsByteArrayAsync(cancellationToken)
            : throw new AwsException(
                answer.StatusCode == System.Net.HttpStatusCode.NotFound ? "NoSuchKey" : "AccessDenied",
                $"s3://{bucket}/{key} cannot be read: S3 answered {(int)answer.StatusCode}.");
    }

    private HttpRequestMessage Request(HttpMethod method, string path, AwsScope scope, string service)
    {
        var request = new HttpRequestMessage(method, server.Address(path));
        // moto reads service and region from the scope and does not check the signature.
        request.Headers.TryAddWithoutValidation(
            "Authorization",
            $"AWS4-HMAC-SHA256 Credential=LOCALAWS/20260101/{scope.Region}/{service}/aws4_request, SignedHeaders=host, Signature=0");
        request.Headers.TryAddWithoutValidation("x-moto-account-id", scope.AccountId);
        return request;
    }
}
