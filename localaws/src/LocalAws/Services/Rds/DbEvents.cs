using System.Globalization;
using System.Xml.Linq;
using LocalAws.Protocols;
using LocalAws.Routing;

namespace LocalAws.Services.Rds;

/// <summary>The events of instances: kept when they happen, told by DescribeEvents.</summary>
internal sealed class DbEvents(ScopedStore<RdsState> store, TimeProvider clock)
{
    public const string InstanceSource = "db-instance";

    private const int MostKept = 1000;
    private const int MostAPage = 100;
    private static readonly TimeSpan DefaultSpan = TimeSpan.FromMinutes(60);

    public void Add(AwsScope scope, DbInstance instance, string category, string message)
    {
        var events = store[scope].Events;
        events.Enqueue(new DbEvent(instance.Identifier, instance.Arn, category, message, clock.GetUtcNow()));
        while (events.Count > MostKept)
        {
            events.TryDequeue(out _);
        }
    }

    /// <summary>The events of a span of time, the last hour by default, oldest first.</summary>
    public IEnumerable<XElement> Describe(AwsScope scope, FormParameters form)
    {
        if (form["SourceType"] is { } source && source != InstanceSource)
        {
            throw AwsException.NotImplemented("rds", $"DescribeEvents of the source type {source} ({InstanceSource} is)");
        }

        var end = Time(form, "EndTime") ?? clock.GetUtcNow();
        var span = form.Integer("Duration") is { } minutes ? TimeSpan.FromMinutes(minutes) : DefaultSpan;
        var start = Time(form, "StartTime") ?? end - span;
        var categories = form.List("EventCategories");
        var identifier = form["SourceIdentifier"];
        var found = store[scope].Events
            .Where(happened => happened.Time >= start && happened.Time <= end)
            .Where(happened => identifier is null || string.Equals(happened.Identifier, identifier, StringComparison.OrdinalIgnoreCase))
            .Where(happened => categories.Count == 0 || categories.Contains(happened.Category))
            .ToList();
        var offset = int.TryParse(form["Marker"], out var marker) ? marker : 0;
        var most = Math.Min(form.Integer("MaxRecords") ?? MostAPage, MostAPage);
        yield return new XElement("Events", found.Skip(offset).Take(most).Select(happened => happened.Describe()));
        if (found.Count > offset + most)
        {
            yield return new XElement("Marker", offset + most);
        }
    }

    private static DateTimeOffset? Time(FormParameters form, string name) => form[name] is not { } text
        ? null
        : DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time)
            ? time
            : throw new AwsException("InvalidParameterValue", $"{name} '{text}' is not a time such as 2026-01-31T12:00:00Z.");
}
