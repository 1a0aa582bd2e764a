using LocalAws.Protocols;

namespace LocalAws.Routing;

/// <summary>A request after routing: which service, operation, account and region it is for.</summary>
internal sealed class AwsRequest
{
    public required HttpContext Http { get; init; }

    /// <summary>The signing name, e.g. <c>rds</c>, <c>s3</c>, <c>monitoring</c>.</summary>
    public required string Service { get; init; }

    /// <summary>The operation's name as in the API reference, e.g. <c>CreateDBInstance</c>.</summary>
    public required string Operation { get; init; }

    public required AwsScope Scope { get; init; }

    public required WireProtocol Protocol { get; init; }

    /// <summary>Path and query exactly as they came: an S3 key keeps its <c>//</c> and its escapes.</summary>
    public required string RawTarget { get; init; }

    /// <summary>The whole body, except for S3 object data, which streams through and is empty here.</summary>
    public byte[] Body { get; init; } = [];

    public CancellationToken Aborted => Http.RequestAborted;
}
