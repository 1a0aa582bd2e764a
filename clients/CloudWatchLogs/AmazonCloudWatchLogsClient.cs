using System.Text.Json.Nodes;
using Amazon.CloudWatchLogs.Model;
using Amazon.Thin;

namespace Amazon.CloudWatchLogs;

/// <summary>Reads Amazon CloudWatch Logs.</summary>
public sealed class AmazonCloudWatchLogsClient() : JsonServiceClient("CloudWatch Logs", "logs", "Logs_20140328")
{
    /// <summary>Lines of a group, oldest first.</summary>
    /// <param name="pattern">A phrase in double quotes or a filter pattern; null for every line.</param>
    /// <param name="stream">One stream alone; null for all of the group.</param>
    /// <returns>Nothing when group or stream do not exist yet.</returns>
    public async Task<IReadOnlyList<LogEvent>> FilterLogEventsAsync(
        string group, string? pattern, string? stream, DateTimeOffset? since, CancellationToken cancellationToken)
    {
        var input = new JsonObject { ["logGroupName"] = group };
        if (pattern is not null)
        {
            input["filterPattern"] = pattern;
        }

        if (stream is not null)
        {
            input["logStreamNames"] = JsonMembers.Texts([stream]);
        }

        if (since is { } time)
        {
            input["startTime"] = time.ToUnixTimeMilliseconds();
        }

        var events = new List<LogEvent>();
        try
        {
            do
            {
                var page = await InvokeAsync("FilterLogEvents", input, cancellationToken).ConfigureAwait(false);
                events.AddRange(
                    page.Items("events").Select(
                        item => new LogEvent(
                            item.Text("logStreamName") ?? "", DateTimeOffset.FromUnixTimeMilliseconds(item.Number("timestamp")),
                            item.Text("message") ?? "")));
                input["nextToken"] = page.Text("nextToken");
            }
            while (input["nextToken"] is not null);
        }
        catch (Runtime.AmazonServiceException missing) when (missing.ErrorCode == "ResourceNotFoundException")
        {
            return [];
        }

        return [.. events.OrderBy(item => item.Timestamp)];
    }
}
