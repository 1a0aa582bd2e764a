namespace LocalAws.Routing;

/// <summary>Answers one operation.</summary>
/// <exception cref="Protocols.AwsException">The API's own error.</exception>
internal delegate Task OperationHandler(AwsRequest request);
