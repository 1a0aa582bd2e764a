using System.Globalization;
using System.Xml.Linq;

namespace LocalAws.Services.Rds;

/// <summary>Something that happened to an instance, as DescribeEvents tells it.</summary>
/// <param name="Identifier">The instance's name.</param>
/// <param name="Arn">The instance's ARN.</param>
/// <param name="Category">For example <c>recovery</c> or <c>failure</c>.</param>
/// <param name="Message">What happened, with the reason of a failure.</param>
/// <param name="Time">When.</param>
internal sealed record DbEvent(string Identifier, string Arn, string Category, string Message, DateTimeOffset Time)
{
    /// <summary>The <c>Event</c> structure.</summary>
    public XElement Describe() => new("Event",
        new XElement("SourceIdentifier", Identifier),
        new XElement("SourceType", DbEvents.InstanceSource),
        new XElement("Message", Message),
        new XElement("EventCategories", new XElement("EventCategory", Category)),
        new XElement("Date", Time.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture)),
        new XElement("SourceArn", Arn));
}
