namespace LocalAws.Protocols;

/// <summary>The wire protocols of AWS that the pipeline's clients speak.</summary>
internal enum WireProtocol
{
    Json,
    Query,
    Ec2Query,
    RestXml,
    RestJson,
}
