using System.Text.Json.Nodes;
using LocalAws.Protocols;
using LocalAws.Routing;

namespace LocalAws.Services.Glue;

/// <summary>Tags of jobs and databases.</summary>
internal sealed class GlueTags(ScopedStore<GlueState> store)
{
    public JsonObject Get(AwsScope scope, JsonObject input) =>
        new() { ["Tags"] = TagJson.Map(store[scope].Tags.Find(Arn(input)) ?? throw NotTagged(input)) };

    public JsonObject Add(AwsScope scope, JsonObject input) =>
        store[scope].Tags.Add(Arn(input), input.TagMap("TagsToAdd")) ? [] : throw NotTagged(input);

    public JsonObject Remove(AwsScope scope, JsonObject input) =>
        store[scope].Tags.Remove(Arn(input), input.Strings("TagsToRemove")) ? [] : throw NotTagged(input);

    private static string Arn(JsonObject input) => input.Required("ResourceArn");

    private static AwsException NotTagged(JsonObject input)
    {
        var arn = Arn(input);
        return arn.Contains(":job/", StringComparison.Ordinal) || arn.Contains(":database/", StringComparison.Ordinal)
            ? new AwsException("EntityNotFoundException", $"Entity not found: {arn}.")
            : AwsException.NotImplemented("glue", $"tags of {arn}");
    }
}
