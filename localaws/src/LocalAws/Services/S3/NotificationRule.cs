using System.Xml.Linq;

namespace LocalAws.Services.S3;

/// <summary>One notification: these events of keys with this prefix and suffix go to this target.</summary>
/// <param name="Id">Shown in each event as its configuration.</param>
/// <param name="TargetArn">The function, queue or topic.</param>
/// <param name="Events">For example <c>s3:ObjectCreated:*</c>.</param>
/// <param name="Prefix">Literal start of the decoded key; empty matches all.</param>
/// <param name="Suffix">Literal end of the decoded key; empty matches all.</param>
internal sealed record NotificationRule(string Id, string TargetArn, IReadOnlyList<string> Events, string Prefix, string Suffix)
{
    public static NotificationRule Parse(XElement configuration)
    {
        string? Child(XElement parent, string name) => parent.Elements().FirstOrDefault(element => element.Name.LocalName == name)?.Value;
        var filters = configuration.Descendants().Where(element => element.Name.LocalName == "FilterRule").ToList();
        string Filter(string name) =>
            filters.Where(rule => string.Equals(Child(rule, "Name"), name, StringComparison.OrdinalIgnoreCase))
                .Select(rule => Child(rule, "Value"))
                .FirstOrDefault() ?? "";
        return new NotificationRule(
            Child(configuration, "Id") ?? Guid.NewGuid().ToString(),
            Child(configuration, "CloudFunction") ?? Child(configuration, "Queue") ?? Child(configuration, "Topic") ?? "",
            [.. configuration.Elements().Where(element => element.Name.LocalName == "Event").Select(element => element.Value)],
            Filter("prefix"),
            Filter("suffix"));
    }

    /// <summary>Whether an event, named without <c>s3:</c>, of a decoded key is meant.</summary>
    public bool Matches(string eventName, string key) =>
        key.StartsWith(Prefix, StringComparison.Ordinal) && key.EndsWith(Suffix, StringComparison.Ordinal)
            && Events.Any(pattern => Covers(pattern, "s3:" + eventName));

    /// <summary>Whether one object could match both rules; AWS refuses such a pair.</summary>
    public bool Overlaps(NotificationRule other) =>
        Events.Any(mine => other.Events.Any(theirs => Covers(mine, theirs) || Covers(theirs, mine)))
        && (Prefix.StartsWith(other.Prefix, StringComparison.Ordinal) || other.Prefix.StartsWith(Prefix, StringComparison.Ordinal))
        && (Suffix.EndsWith(other.Suffix, StringComparison.Ordinal) || other.Suffix.EndsWith(Suffix, StringComparison.Ordinal));

    private static bool Covers(string pattern, string eventName) =>
        pattern == eventName
            || (pattern.EndsWith(":*", StringComparison.Ordinal) && eventName.StartsWith(pattern[..^1], StringComparison.Ordinal));
}
