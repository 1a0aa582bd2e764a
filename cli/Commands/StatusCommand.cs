using System.Globalization;
using Spectre.Console;

namespace Cdc.Cli.Commands;

/// <summary>The task with its tables, the job's latest runs, and the local AWS's processes.</summary>
internal static class StatusCommand
{
    private const int RunsShown = 8;

    public static async Task<int> RunAsync(CommandOptions options, CancellationToken cancellationToken)
    {
        await using var deployment = await Stack.OpenAsync(options, cancellationToken);
        var task = await deployment.Dms.DescribeReplicationTaskAsync(deployment.Pipeline.TaskArn, cancellationToken);
        AnsiConsole.MarkupLineInterpolated($"DMS task [bold]{task.ReplicationTaskIdentifier}[/]: {task.Status} {task.StopReason} {task.LastFailureMessage}");

        var tables = new Table().AddColumns("table", "state", "full load", "inserts", "updates", "deletes");
        foreach (var table in await deployment.Dms.DescribeTableStatisticsAsync(deployment.Pipeline.TaskArn, cancellationToken))
        {
            long[] counts = [table.FullLoadRows, table.Inserts, table.Updates, table.Deletes];
            tables.AddRow(
                [$"{table.SchemaName}.{table.TableName}", table.TableState, .. counts.Select(count => count.ToString(CultureInfo.InvariantCulture))]);
        }

        AnsiConsole.Write(tables);
        var runs = new Table().AddColumns("Glue run", "state", "started (UTC)", "seconds", "error");
        foreach (var run in await deployment.Glue.GetJobRunsAsync(deployment.Pipeline.JobName, RunsShown, cancellationToken))
        {
            var took = (run.CompletedOn ?? DateTimeOffset.UtcNow) - (run.StartedOn ?? DateTimeOffset.UtcNow);
            runs.AddRow(
                new Text(run.Id[..Math.Min(run.Id.Length, 19)]), new Text(run.JobRunState), new Text($"{run.StartedOn:HH:mm:ss}"),
                new Text($"{took.TotalSeconds:F1}"), new Text(run.ErrorMessage ?? ""));
        }

        AnsiConsole.Write(runs);
        if (options.IsLocal)
        {
            var processes = (await options.Stack.ProcessesAsync(cancellationToken)).Select(process => $"{process.Name} ({process.Id})");
            AnsiConsole.WriteLine($"Local AWS: http://127.0.0.1:{options.ChosenPort}, {string.Join(", ", processes)}");
        }

        return 0;
    }
}
