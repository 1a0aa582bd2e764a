namespace LocalAws.Routing;

/// <summary>A service, or the part of one, that the local AWS carries out itself.</summary>
internal interface IAwsService
{
    /// <summary>The signing name, e.g. <c>dms</c>.</summary>
    string SigningName { get; }

    /// <summary>What it carries out, by the operation's name as in the API reference. What is not here may be moto's.</summary>
    IReadOnlyDictionary<string, OperationHandler> Operations { get; }
}
