using System.Globalization;
using System.Text.Json.Nodes;
using LocalAws.Routing;

namespace LocalAws.Services.Events;

/// <summary>Makes events as EventBridge delivers them.</summary>
internal static class EventBridgeEvent
{
    /// <summary>An event of an AWS service, or of PutEvents.</summary>
    public static JsonObject Of(
        AwsScope scope, string source, string detailType, JsonObject detail, IEnumerable<string> resources, DateTimeOffset time) => new()
        {
            ["version"] = "0",
            ["id"] = Guid.NewGuid().ToString(),
            ["detail-type"] = detailType,
            ["source"] = source,
            ["account"] = scope.AccountId,
            ["time"] = time.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture),
            ["region"] = scope.Region,
            ["resources"] = new JsonArray([.. resources.Select(resource => (JsonNode)resource)]),
            ["detail"] = detail,
        };
}
