using System.Text.Json.Nodes;

namespace LocalAws.Services.Lambda;

/// <summary>The resource policy of a function: who may invoke it.</summary>
internal sealed class FunctionPolicy
{
    private readonly List<JsonObject> _statements = [];

    public IReadOnlyList<JsonObject> Statements => _statements;

    public void Add(JsonObject statement) => _statements.Add(statement);

    /// <summary>Removes the statement; false when there is none of that id.</summary>
    public bool Remove(string statementId) => _statements.RemoveAll(statement => statement["Sid"]!.GetValue<string>() == statementId) > 0;

    public bool Contains(string statementId) => _statements.Any(statement => statement["Sid"]!.GetValue<string>() == statementId);

    /// <summary>Whether S3 may invoke the function for events of the bucket.</summary>
    public bool AllowsS3(string bucket) => _statements.Any(statement =>
        statement["Principal"]?["Service"]?.GetValue<string>() == "s3.amazonaws.com"
        && (statement["Condition"]?["ArnLike"]?["AWS:SourceArn"]?.GetValue<string>() is not { } source || Matches(source, $"arn:aws:s3:::{bucket}")));

    public JsonObject ToDocument() => new()
    {
        ["Version"] = "2012-10-17",
        ["Id"] = "default",
        ["Statement"] = new JsonArray([.. _statements.Select(statement => statement.DeepClone())]),
    };

    private static bool Matches(string pattern, string arn) => System.IO.Enumeration.FileSystemName.MatchesSimpleExpression(pattern, arn, ignoreCase: false);
}
