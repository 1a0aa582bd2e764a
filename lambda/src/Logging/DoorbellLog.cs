using System.Text.Json.Nodes;

namespace Doorbell;

/// <summary>
/// The function's log: one JSON object a line. The line of an invocation is also its metrics, in CloudWatch's embedded metric format
/// (https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch_Embedded_Metric_Format_Specification.html).
/// </summary>
/// <param name="output">Where the lines go.</param>
/// <param name="configuration">The namespace of the metrics, the job, and whether keys may be named.</param>
/// <param name="clock">The clock of the lines' times.</param>
internal sealed class DoorbellLog(TextWriter output, DoorbellConfiguration configuration, TimeProvider clock)
{
    private const int MostKeys = 10;

    /// <summary>What was done about the rings of one invocation.</summary>
    public void Decided(string requestId, IReadOnlyCollection<Ring> rings, Decision decision)
    {
        var line = Line("INFO", requestId);
        Describe(line, rings);
        line["decision"] = decision.Action.ToString();
        line["reason"] = decision.Reason;
        line["runId"] = decision.RunId;
        line["glueCalls"] = decision.GlueCalls;
        var rang = rings.Count(ring => ring.Source != RingSource.Nothing);
        var (started, coalesced) = decision.Action switch
        {
            DoorbellAction.Started => (1, rang - 1),
            DoorbellAction.Waiting => (0, rang),
            _ => (0, 0),
        };
        Measure(line, started, coalesced, errors: 0, rings);
        output.WriteLine(line.ToJsonString());
    }

    /// <summary>An invocation that failed; Lambda tries its event again.</summary>
    public void Failed(string requestId, IReadOnlyCollection<Ring> rings, Exception failure)
    {
        var line = Line("ERROR", requestId);
        Describe(line, rings);
        Describe(line, failure);
        Measure(line, started: 0, coalesced: 0, errors: 1, rings);
        output.WriteLine(line.ToJsonString());
    }

    /// <summary>A message of a batch that was not understood; it goes back to its queue alone.</summary>
    public void NotUnderstood(string requestId, string messageId, UnknownEventException problem)
    {
        var line = Line("ERROR", requestId);
        line["messageId"] = messageId;
        Describe(line, problem);
        Measure(line, started: 0, coalesced: 0, errors: 1, []);
        output.WriteLine(line.ToJsonString());
    }

    /// <summary>Something that hinders nothing yet.</summary>
    public void Warn(string message)
    {
        var line = Line("WARN", null);
        line["message"] = message;
        output.WriteLine(line.ToJsonString());
    }

    private JsonObject Line(string level, string? requestId) => new()
    {
        ["timestamp"] = clock.GetUtcNow().UtcDateTime.ToString(
            "yyyy-MM-dd'T'HH:mm:ss.fff'Z'", System.Globalization.CultureInfo.InvariantCulture),
        ["level"] = level,
        ["requestId"] = requestId,
    };

    private void Describe(JsonObject line, IReadOnlyCollection<Ring> rings)
    {
        var objects = rings.SelectMany(ring => ring.Objects).ToList();
        line["sources"] = Texts(rings.Select(ring => ring.Source.ToString()).Distinct());
        line["buckets"] = Texts(objects.Select(item => item.Bucket).Distinct());
        line["keyCount"] = objects.Count;
        if (configuration.LogKeys)
        {
            line["keys"] = Texts(objects.Take(MostKeys).Select(item => item.Key));
        }
    }

    private static void Describe(JsonObject line, Exception failure)
    {
        line["errorType"] = failure.GetType().Name;
        line["errorMessage"] = failure.Message;
    }

    private void Measure(JsonObject line, int started, int coalesced, int errors, IReadOnlyCollection<Ring> rings)
    {
        var now = clock.GetUtcNow();
        var names = new List<string> { "Rings", "RunsStarted", "RingsCoalesced", "Errors" };
        line["JobName"] = configuration.JobName;
        line["Rings"] = rings.Count(ring => ring.Source != RingSource.Nothing);
        line["RunsStarted"] = started;
        line["RingsCoalesced"] = coalesced;
        line["Errors"] = errors;
        if (rings.Select(ring => ring.Oldest).Where(time => time is not null).Min() is { } oldest)
        {
            names.Add("OldestEventAge");
            line["OldestEventAge"] = Math.Max(0, (now - oldest).TotalSeconds);
        }

        var metrics = names.Select(name => (JsonNode)new JsonObject
        {
            ["Name"] = name,
            ["Unit"] = name == "OldestEventAge" ? "Seconds" : "Count",
        });
        line["_aws"] = new JsonObject
        {
            ["Timestamp"] = now.ToUnixTimeMilliseconds(),
            ["CloudWatchMetrics"] = new JsonArray(new JsonObject
            {
                ["Namespace"] = configuration.MetricNamespace,
                ["Dimensions"] = new JsonArray(new JsonArray("JobName")),
                ["Metrics"] = new JsonArray([.. metrics]),
            }),
        };
    }

    private static JsonArray Texts(IEnumerable<string> values) => new([.. values.Select(value => (JsonNode)value)]);
}
