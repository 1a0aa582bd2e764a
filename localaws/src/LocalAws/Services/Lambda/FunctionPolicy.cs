using System.Collections.Immutable;
using System.IO.Enumeration;
using System.Text.Json.Nodes;

namespace LocalAws.Services.Lambda;

/// <summary>The resource policy of a function: who may invoke it.</summary>
internal sealed class FunctionPolicy
{
    /// <summary>Destinations are invoked with the role of the function that sends, which is not checked here.</summary>
    private const string Itself = "lambda.amazonaws.com";

    private ImmutableList<JsonObject> _statements = [];

    public bool IsEmpty => _statements.IsEmpty;

    /// <returns>False when there is a statement of that id.</returns>
    public bool Add(JsonObject statement) => ImmutableInterlocked.Update(
        ref _statements, before => before.Any(other => Id(other) == Id(statement)) ? before : before.Add(statement));

    /// <returns>False when there is no statement of that id.</returns>
    public bool Remove(string statementId) =>
        ImmutableInterlocked.Update(ref _statements, before => before.RemoveAll(statement => Id(statement) == statementId));

    /// <summary>Whether a service may invoke the function for a resource.</summary>
    /// <param name="service">The service's principal, such as <c>s3.amazonaws.com</c>.</param>
    /// <param name="sourceArn">The bucket, rule or topic on whose behalf it does.</param>
    public bool Allows(string service, string sourceArn) => service == Itself || _statements.Any(statement =>
        statement["Principal"]?["Service"]?.GetValue<string>() == service
        && (statement["Condition"]?["ArnLike"]?["AWS:SourceArn"]?.GetValue<string>() is not { } source || Matches(source, sourceArn)));

    public JsonObject ToDocument() => new()
    {
        ["Version"] = "2012-10-17",
        ["Id"] = "default",
        ["Statement"] = new JsonArray([.. _statements.Select(statement => statement.DeepClone())]),
    };

    private static string Id(JsonObject statement) => statement["Sid"]!.GetValue<string>();

    private static bool Matches(string pattern, string arn) => FileSystemName.MatchesSimpleExpression(pattern, arn, ignoreCase: false);
}
