using System.Text.Json.Nodes;
using LocalAws.Protocols;
using LocalAws.Routing;

namespace LocalAws.Services.Dms;

/// <summary>Tags, by ARN. Terraform builds some ARNs itself and may leave the account blank.</summary>
internal sealed class DmsTags(ScopedStore<DmsState> store)
{
    public static void Add(DmsState state, string arn, JsonObject input)
    {
        var tags = state.Tags.GetOrAdd(arn, static _ => new Dictionary<string, string>(StringComparer.Ordinal));
        foreach (var tag in (input["Tags"] as JsonArray ?? []).OfType<JsonObject>())
        {
            tags[tag.Required("Key")] = tag.Text("Value") ?? "";
        }
    }

    public JsonObject List(AwsScope scope, JsonObject input)
    {
        var arns = input.Text("ResourceArn") is { } one ? [one] : input.Strings("ResourceArnList");
        var tags = arns.SelectMany(
            arn => Tags(scope, arn).Select(tag => (JsonNode)new JsonObject { ["Key"] = tag.Key, ["Value"] = tag.Value, ["ResourceArn"] = arn }));
        return new JsonObject { ["TagList"] = new JsonArray([.. tags]) };
    }

    public JsonObject Add(AwsScope scope, JsonObject input)
    {
        var arn = Qualified(scope, input.Required("ResourceArn"));
        _ = Tags(scope, arn);
        Add(store[scope], arn, input);
        return [];
    }

    public JsonObject Remove(AwsScope scope, JsonObject input)
    {
        var tags = Tags(scope, input.Required("ResourceArn"));
        foreach (var name in input.Strings("TagKeys"))
        {
            tags.Remove(name);
        }

        return [];
    }

    private Dictionary<string, string> Tags(AwsScope scope, string arn) =>
        store[scope].Tags.GetValueOrDefault(Qualified(scope, arn)) ?? throw new AwsException("ResourceNotFoundFault", $"{arn} does not exist.");

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
