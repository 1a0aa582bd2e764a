using System.Text.Json.Nodes;
using LocalAws.Protocols;
using LocalAws.Routing;

namespace LocalAws.Services.Lambda;

/// <summary>Who may invoke a function.</summary>
internal sealed class FunctionPermissionOperations(FunctionRegistry functions)
{
    public JsonObject Add(AwsRequest request, JsonObject input)
    {
        var function = functions.Named(request);
        var statement = Statement(function, input);
        return function.Policy.Add(statement)
            ? new JsonObject { ["Statement"] = statement.ToJsonString() }
            : throw new AwsException(
                "ResourceConflictException",
                $"The statement id ({input.Required("StatementId")}) provided already exists. Please provide a new statement id, or remove "
                + "the existing statement.",
                StatusCodes.Status409Conflict);
    }

    public JsonObject Get(AwsRequest request, JsonObject input)
    {
        var function = functions.Named(request);
        return function.Policy.IsEmpty
            ? throw FunctionRegistry.NotFound("The resource you requested does not exist.")
            : new JsonObject { ["Policy"] = function.Policy.ToDocument().ToJsonString(), ["RevisionId"] = $"{function.Current.Revision}" };
    }

    public JsonObject? Remove(AwsRequest request, JsonObject input)
    {
        var id = FunctionRegistry.PathPart(request, 4);
        return functions.Named(request).Policy.Remove(id)
            ? null
            : throw FunctionRegistry.NotFound($"Statement {id} is not found in resource policy.");
    }

    /// <summary>The statement that GetPolicy shows.</summary>
    private static JsonObject Statement(LambdaFunction function, JsonObject input)
    {
        var principal = input.Required("Principal");
        var condition = new JsonObject();
        if (input.Text("SourceAccount") is { } account)
        {
            condition["StringEquals"] = new JsonObject { ["AWS:SourceAccount"] = account };
        }

        if (input.Text("SourceArn") is { } source)
        {
            condition["ArnLike"] = new JsonObject { ["AWS:SourceArn"] = source };
        }

        var statement = new JsonObject
        {
            ["Sid"] = input.Required("StatementId"),
            ["Effect"] = "Allow",
            ["Principal"] = principal.Contains("amazonaws.com", StringComparison.Ordinal)
                ? new JsonObject { ["Service"] = principal }
                : new JsonObject
                {
                    ["AWS"] = principal.StartsWith("arn:", StringComparison.Ordinal) ? principal : $"arn:aws:iam::{principal}:root",
                },
            ["Action"] = input.Required("Action"),
            ["Resource"] = function.Arn,
        };
        if (condition.Count > 0)
        {
            statement["Condition"] = condition;
        }

        return statement;
    }
}
