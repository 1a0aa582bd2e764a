namespace LocalAws.Routing;

/// <summary>A service, or the part of one, that the local AWS carries out itself.</summary>
internal interface IAwsService
{
    /// <summary>The signing name, e.g. <c>dms</c>.</summary>
    string SigningName { get; }

    /// <summary>Whether this service carries out the operation; what it leaves may be moto's.</summary>
    bool Owns(string operation);

    /// <summary>Answers an operation that <see cref="Owns"/> accepted.</summary>
    /// <exception cref="Protocols.AwsException">The API's own error.</exception>
    Task HandleAsync(AwsRequest request);
}
