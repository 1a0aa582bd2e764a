namespace LocalAws.Protocols;

/// <summary>An error as the service's API reports it; the protocol decides its form on the wire.</summary>
/// <param name="code">The error code or shape name, e.g. <c>ResourceNotFoundFault</c>.</param>
/// <param name="message">What was wrong, where, and what to do.</param>
/// <param name="status">HTTP status, 400 unless the API says otherwise.</param>
internal sealed class AwsException(string code, string message, int status = StatusCodes.Status400BadRequest) : Exception(message)
{
    public string Code { get; } = code;

    public int Status { get; } = status;

    /// <summary>The answer to everything that is not implemented: a failure that says so, never a pretended success.</summary>
    public static AwsException NotImplemented(string service, string operation) =>
        new("NotImplemented", $"The local AWS does not implement {service}:{operation}.", StatusCodes.Status501NotImplemented);
}
