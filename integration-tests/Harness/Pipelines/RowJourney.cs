using System.Globalization;
using System.Text.Json.Nodes;
using Amazon.CloudWatchLogs.Model;
using Cdc.Harness.Waiting;

namespace Cdc.Harness.Pipelines;

/// <summary>Finds the way of one change through the pipeline, from what each part recorded itself.</summary>
public sealed class RowJourney(Deployment deployment)
{
    private const int RunsLooked = 100;
    private static readonly TimeSpan ClockLeeway = TimeSpan.FromSeconds(5);

    // A log is written beside the work that it tells of.
    private static readonly TimeSpan LogLimit = TimeSpan.FromSeconds(20);

    /// <summary>The way of the last change of a row.</summary>
    /// <param name="table">The table of the row.</param>
    /// <param name="key">SQL condition that is true for the row alone.</param>
    /// <param name="cancellationToken">Ends the queries and the wait for log lines.</param>
    /// <exception cref="PipelineException">A part has no record of the row; the message says which.</exception>
    public async Task<IReadOnlyList<Hop>> FollowAsync(ReplicatedTable table, string key, CancellationToken cancellationToken)
    {
        var change = (await deployment.Athena.RunAsync(
            $"SELECT _commit_ts, _raw_file, _batch FROM {table.LogName} WHERE {key} ORDER BY _seq DESC LIMIT 1",
            cancellationToken)).Rows.SingleOrDefault()
            ?? throw new PipelineException($"The log {table.LogName} has no row with {key}.");
        var committed = Time(change[0]!.Replace(" UTC", "", StringComparison.Ordinal), "yyyy-MM-dd HH:mm:ss.ffffff");
        var (file, batch) = (change[1]!, change[2]!);
        var hops = new List<Hop>
        {
            new("committed in PostgreSQL", key, committed),
            new("raw object", $"s3://{deployment.Pipeline.RawBucket}/{file}", Time(
                Path.GetFileNameWithoutExtension(file), "yyyyMMdd-HHmmssfff")),
        };

        var rung = await LineAsync(
            deployment.Pipeline.FunctionLogGroup,
            committed,
            line => DoorbellLine.Find(line.Message) is { } found && found.MayBeOf(file, line.Timestamp, hops[^1].Time),
            $"The log of the function has no line for {file}.",
            cancellationToken);
        hops.Add(
            new Hop(
                "function invoked",
                $"{deployment.Pipeline.FunctionName}: {DoorbellLine.Find(rung.Message)!.Summary}",
                rung.Timestamp));

        // All jobs of an account share the group, and each counts the batches of each table.
        var runs = (await deployment.Glue.GetJobRunsAsync(deployment.Pipeline.JobName, RunsLooked, cancellationToken)).Select(run => run.Id)
            .ToHashSet();
        var planned = await LineAsync(
            deployment.Pipeline.JobLogGroup,
            committed,
            line => runs.Contains(line.LogStreamName)
                && line.Message.Contains(" planned ", StringComparison.Ordinal)
                && $"{line.Message} ".Contains($" batch={batch} ", StringComparison.Ordinal)
                && $"{line.Message} ".Contains($" table={table.Qualified} ", StringComparison.Ordinal),
            $"The output of the job's runs has no plan of batch {batch} of {table.Qualified}.",
            cancellationToken);
        hops.Add(new Hop("Glue run, batch planned", $"{planned.LogStreamName}, batch {batch}", planned.Timestamp));

        var (snapshot, visible) = await FirstSnapshotAsync(table, key, planned.Timestamp, cancellationToken);
        hops.Add(new Hop("visible to readers", $"{table.FinalName}, snapshot {snapshot}", visible));
        return hops;
    }

    private async Task<LogEvent> LineAsync(
        string group, DateTimeOffset committed, Func<LogEvent, bool> wanted, string otherwise, CancellationToken cancellationToken)
    {
        try
        {
            return (await Eventually.BecomesAsync(
                $"the group {group} has the line",
                async token => (await deployment.Logs.FilterLogEventsAsync(group, null, null, committed - ClockLeeway, token))
                    .FirstOrDefault(wanted),
                seen => seen is not null,
                LogLimit,
                cancellationToken))!;
        }
        catch (TimeoutException)
        {
            throw new PipelineException(otherwise);
        }
    }

    /// <summary>
    /// The first state of the table that a reader could see in which the row is there: asked of each, from the batch's plan on.
    /// </summary>
    private async Task<(long Snapshot, DateTimeOffset Visible)> FirstSnapshotAsync(
        ReplicatedTable table, string key, DateTimeOffset planned, CancellationToken cancellationToken)
    {
        var parameters = await deployment.Glue.GetTableParametersAsync(deployment.Pipeline.Database, table.FinalName, cancellationToken);
        var location = parameters!["metadata_location"]["s3://".Length..].Split('/', 2);
        using var response = await deployment.S3.GetObjectAsync(location[0], location[1], cancellationToken);
        var metadata = (await JsonNode.ParseAsync(response.ResponseStream, cancellationToken: cancellationToken))!;
        foreach (var entry in metadata["snapshot-log"]!.AsArray())
        {
            var (snapshot, visible) = (entry!["snapshot-id"]!.GetValue<long>(), DateTimeOffset.FromUnixTimeMilliseconds(
                entry["timestamp-ms"]!.GetValue<long>()));
            if (visible >= planned
                && (await deployment.Athena.RunAsync(
                    $"SELECT 1 FROM {table.FinalName} FOR VERSION AS OF {snapshot} WHERE {key}",
                    cancellationToken)).Rows.Count > 0)
            {
                return (snapshot, visible);
            }
        }

        throw new PipelineException($"No snapshot of {table.FinalName} since {planned:O} has a row with {key}.");
    }

    private static DateTimeOffset Time(string text, string format) =>
        DateTimeOffset.ParseExact(text, format, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal);
}
