using System.Text.Json.Nodes;
using LocalAws.Protocols;
using LocalAws.Routing;

namespace LocalAws.Services.Dms;

/// <summary>Tags, by ARN. Terraform builds some ARNs itself and may leave the account blank.</summary>
internal sealed class DmsTags(ScopedStore<DmsState> store)
{
    public JsonObject List(AwsScope scope, JsonObject input)
    {
        var tags = new JsonArray();
        foreach (var arn in input.Text("ResourceArn") is { } one ? [one] : input.Strings("ResourceArnList"))
        {
            foreach (var (name, value) in store[scope].Tags.Find(Qualified(scope, arn)) ?? throw NotFound(arn))
            {
                tags.Add(new JsonObject { ["Key"] = name, ["Value"] = value, ["ResourceArn"] = arn });
            }
        }

        return new JsonObject { ["TagList"] = tags };
    }

    public JsonObject Add(AwsScope scope, JsonObject input)
    {
        var arn = input.Required("ResourceArn");
        return store[scope].Tags.Add(Qualified(scope, arn), input.TagList()) ? [] : throw NotFound(arn);
    }

    public JsonObject Remove(AwsScope scope, JsonObject input)
    {
        var arn = input.Required("ResourceArn");
        return store[scope].Tags.Remove(Qualified(scope, arn), input.Strings("TagKeys")) ? [] : throw NotFound(arn);
    }

    private static AwsException NotFound(string arn) => new("ResourceNotFoundFault", $"{arn} does not exist.");

    private static string Qualified(AwsScope scope, string arn)
    {
        var parts = arn.Split(':');
        if (parts.Length > 5 && parts[4].Length == 0)
        {
            parts[4] = scope.AccountId;
        }

        return string.Join(':', parts);
    }
}
