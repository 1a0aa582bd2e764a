using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace LocalAws.Protocols;

/// <summary>Reads members of a JSON request; a missing or mistyped one is an error that names it.</summary>
internal static class JsonInput
{
    /// <exception cref="AwsException">The body is not a JSON object.</exception>
    public static JsonObject Parse(ReadOnlySpan<byte> body)
    {
        try
        {
            return body.Length == 0 ? [] : JsonNode.Parse(body) as JsonObject ?? [];
        }
        catch (JsonException failure)
        {
            throw new AwsException("SerializationException", $"The request's body is not JSON: {failure.Message}");
        }
    }

    public static string? Text(this JsonObject input, string name) =>
        input[name] is JsonValue value && value.TryGetValue<string>(out var text) ? text : null;

    public static string Required(this JsonObject input, string name, string errorCode = "ValidationException") =>
        input.Text(name) ?? throw new AwsException(errorCode, $"The request must contain {name}.");

    public static int? Integer(this JsonObject input, string name) =>
        input[name] is JsonValue value && value.TryGetValue<int>(out var number) ? number : null;

    public static bool? Boolean(this JsonObject input, string name) =>
        input[name] is JsonValue value && value.TryGetValue<bool>(out var flag) ? flag : null;

    /// <summary>Where a page begins: the number that the page before gave as its token, or 0.</summary>
    public static int Offset(this JsonObject input, string token) =>
        int.TryParse(input.Text(token), NumberStyles.None, CultureInfo.InvariantCulture, out var offset) ? offset : 0;

    /// <summary>The elements of a list of strings; empty when the member is missing.</summary>
    public static IReadOnlyList<string> Strings(this JsonObject input, string name) =>
        input[name] is JsonArray array ? [.. array.Select(item => item!.GetValue<string>())] : [];

    /// <summary>Seconds since the epoch with fraction: the timestamp of the JSON protocols (a string breaks the Go SDK).</summary>
    public static double Epoch(DateTimeOffset time) => time.ToUnixTimeMilliseconds() / 1000.0;
}
