using System.Text;
using System.Text.Json;

namespace Doorbell;

/// <summary>
/// The outline of an event: names and kinds without values, so that an event that is not understood can be told without its content.
/// </summary>
internal static class EventOutline
{
    private const int MostLevels = 4;
    private const int MostMembers = 12;

    /// <summary>For example <c>{Records: [{eventSource: String}]}</c>.</summary>
    public static string Of(JsonElement? element)
    {
        var text = new StringBuilder();
        Write(text, element, 0);
        return text.ToString();
    }

    private static void Write(StringBuilder text, JsonElement? element, int level)
    {
        switch (element)
        {
            case null:
                text.Append("nothing");
                break;
            case { ValueKind: JsonValueKind.Object } when level >= MostLevels:
                text.Append("{…}");
                break;
            case { ValueKind: JsonValueKind.Object } found:
                var members = found.EnumerateObject().ToList();
                text.Append('{');
                for (var index = 0; index < Math.Min(members.Count, MostMembers); index++)
                {
                    text.Append(index > 0 ? ", " : "").Append(members[index].Name).Append(": ");
                    Write(text, members[index].Value, level + 1);
                }

                text.Append(members.Count > MostMembers ? ", …}" : "}");
                break;
            case { ValueKind: JsonValueKind.Array } array:
                text.Append('[');
                if (array.GetArrayLength() > 0)
                {
                    // The elements of one array look alike.
                    Write(text, array[0], level + 1);
                }

                text.Append(array.GetArrayLength() > 1 ? $", … {array.GetArrayLength()} in all]" : "]");
                break;
            case { } value:
                text.Append(value.ValueKind);
                break;
        }
    }
}
