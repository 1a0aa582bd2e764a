using System.Text.Json.Nodes;
using LocalAws.Protocols;

namespace LocalAws.Services.Lambda;

/// <summary>Turns a request of AddPermission into the statement that GetPolicy shows.</summary>
internal static class FunctionPermissions
{
    public static JsonObject Statement(LambdaFunction function, JsonObject input)
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
                : new JsonObject { ["AWS"] = principal.StartsWith("arn:", StringComparison.Ordinal) ? principal : $"arn:aws:iam::{principal}:root" },
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
