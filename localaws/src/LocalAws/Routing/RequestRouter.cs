using LocalAws.Moto;
using LocalAws.Protocols;
using Microsoft.AspNetCore.Http.Features;

namespace LocalAws.Routing;

/// <summary>
/// Finds the operation of a request and hands it to the service that owns it, to moto, or answers 501 with its name.
/// </summary>
internal sealed class RequestRouter(
    OperationTable operations, ControlPlane controlPlane, GatewayOptions options, ILogger<RequestRouter> logger)
{
    public async Task HandleAsync(HttpContext http)
    {
        var protocol = WireProtocol.RestXml;
        var name = http.Request.Path.Value ?? "/";
        try
        {
            var credential = CredentialScope.Find(http.Request);
            var streams = credential is { Service: "s3" } && S3Operations.CarriesData(http.Request);
            var body = streams ? [] : await ReadBodyAsync(http.Request);
            (var service, protocol, var operation) = OperationNames.Find(http.Request, credential, body);
            name = $"{service}:{operation}";
            var request = new AwsRequest
            {
                Http = http,
                Service = service,
                Operation = operation,
                Protocol = protocol,
                Scope = credential?.ToScope() ?? new AwsScope(AwsScope.DefaultAccountId, options.DefaultRegion),
                RawTarget = http.Features.GetRequiredFeature<IHttpRequestFeature>().RawTarget,
                Body = body,
            };
            await DispatchAsync(request);
        }
        catch (AwsException error) when (!http.Response.HasStarted)
        {
            if (error.Status >= 500)
            {
                logger.LogWarning("{Operation}: {Message}", name, error.Message);
            }

            await AwsErrorWriter.WriteAsync(http, protocol, error);
        }
        catch (OperationCanceledException) when (http.RequestAborted.IsCancellationRequested)
        {
            // The client closed the connection.
        }
        catch (Exception lost) when (lost is HttpRequestException or HttpIOException && !http.Response.HasStarted)
        {
            logger.LogWarning("{Operation}: moto did not answer: {Message}", name, lost.Message);
            // A connection that broke is made again by the next attempt.
            await AwsErrorWriter.WriteAsync(
                http,
                protocol,
                new AwsException(
                    "ServiceUnavailable",
                    $"{name}: the control plane behind the local AWS did not answer: {lost.Message}",
                    StatusCodes.Status503ServiceUnavailable));
        }
        catch (Exception failure) when (!http.Response.HasStarted)
        {
            logger.LogError(failure, "{Operation} failed", name);
            // Not 500: every SDK would repeat the request for minutes, and the answer would stay the same.
            await AwsErrorWriter.WriteAsync(
                http, protocol, new AwsException("LocalAwsFailure", $"{name} failed in the local AWS: {failure.Message}"));
        }
    }

    private Task DispatchAsync(AwsRequest request)
    {
        // Operations of the gateway's own too: their resources refer to what moto has lost.
        controlPlane.ThrowIfFailed();
        return operations.Find(request.Service, request.Operation)(request);
    }

    private static async Task<byte[]> ReadBodyAsync(HttpRequest request)
    {
        using var buffer = new MemoryStream();
        await request.Body.CopyToAsync(buffer, request.HttpContext.RequestAborted);
        return buffer.ToArray();
    }
}
