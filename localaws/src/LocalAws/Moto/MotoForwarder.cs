using LocalAws.Routing;

namespace LocalAws.Moto;

/// <summary>Hands requests to moto unchanged and passes its answers on.</summary>
internal sealed class MotoForwarder(ControlPlane server)
{
    private static readonly HashSet<string> HopByHop = new(StringComparer.OrdinalIgnoreCase)
    {
        "Connection", "Keep-Alive", "Proxy-Authenticate", "Proxy-Authorization", "TE", "Trailer", "Transfer-Encoding", "Upgrade", "Expect",
    };

    private readonly HttpClient _client = new(
        new SocketsHttpHandler
        {
            AllowAutoRedirect = false,
            UseCookies = false,
            UseProxy = false,
            PooledConnectionIdleTimeout = TimeSpan.FromMinutes(1),
        })
    {
        Timeout = Timeout.InfiniteTimeSpan,
    };

    /// <summary>Forwards and writes moto's answer to the client.</summary>
    public async Task ForwardAsync(AwsRequest request)
    {
        using var answer = await SendAsync(request, request.Aborted);
        await WriteAsync(request, answer);
    }

    /// <summary>Sends a request to moto; the body streams when the request's own body was not read.</summary>
    public async Task<HttpResponseMessage> SendAsync(AwsRequest request, CancellationToken cancellationToken)
    {
        var incoming = request.Http.Request;
        using var outgoing = new HttpRequestMessage(new HttpMethod(incoming.Method), server.Address(request.RawTarget));
        var streams = request.Body.Length == 0 && incoming.ContentLength is > 0 or null && HttpMethods.IsPut(incoming.Method)
            && request.Service == "s3";
        if (streams)
        {
            outgoing.Content = new StreamContent(incoming.Body);
            // A body that was kept has a length even when the client sent it in pieces.
            outgoing.Content.Headers.ContentLength = incoming.Body.CanSeek ? incoming.Body.Length : incoming.ContentLength;
        }
        else if (request.Body.Length > 0 || HttpMethods.IsPost(incoming.Method) || HttpMethods.IsPut(incoming.Method))
        {
            outgoing.Content = new ByteArrayContent(request.Body);
        }

        foreach (var (name, values) in incoming.Headers)
        {
            if (HopByHop.Contains(name) || name.Equals("Content-Length", StringComparison.OrdinalIgnoreCase))
            {
                continue;
            }

            if (!outgoing.Headers.TryAddWithoutValidation(name, values.AsEnumerable()))
            {
                outgoing.Content?.Headers.TryAddWithoutValidation(name, values.AsEnumerable());
            }
        }

        outgoing.Headers.TryAddWithoutValidation("x-moto-account-id", request.Scope.AccountId);
        return await _client.SendAsync(outgoing, HttpCompletionOption.ResponseHeadersRead, cancellationToken);
    }

    /// <summary>Writes an answer of moto to the client.</summary>
    /// <param name="request">What is answered.</param>
    /// <param name="answer">moto's answer, whose body nobody has read.</param>
    /// <param name="body">What the client gets in place of moto's body.</param>
    public static async Task WriteAsync(AwsRequest request, HttpResponseMessage answer, byte[]? body = null)
    {
        var response = request.Http.Response;
        response.StatusCode = (int)answer.StatusCode;
        foreach (var (name, values) in answer.Headers.Concat(answer.Content.Headers))
        {
            if (!HopByHop.Contains(name) && !name.Equals("Server", StringComparison.OrdinalIgnoreCase))
            {
                response.Headers[name] = values.ToArray();
            }
        }

        if (body is not null)
        {
            response.ContentLength = body.Length;
            await response.Body.WriteAsync(body, request.Aborted);
        }
        else if (response.StatusCode is not (StatusCodes.Status204NoContent or StatusCodes.Status304NotModified))
        {
            await answer.Content.CopyToAsync(response.Body, request.Aborted);
        }
    }
}
