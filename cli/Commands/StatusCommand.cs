using System.CommandLine;
using System.Globalization;
using Cdc.Cli.Environments;
using Cdc.Cli.Interface;
using Cdc.Harness.Local;
using Spectre.Console;

namespace Cdc.Cli.Commands;

/// <summary>The task with its tables, the job's latest runs, and the local AWS's processes.</summary>
internal static class StatusCommand
{
    private const int RunsShown = 8;

    public static Command Create() =>
        new EnvironmentCommand("status", "The task with its tables, the job's runs, the processes.", RunAsync);

    private static async Task<int> RunAsync(TargetedEnvironment environment, CancellationToken cancellationToken)
    {
        await environment.EnterAsync(cancellationToken);
        await using var deployment = await environment.OpenAsync(cancellationToken);
        var task = await deployment.Dms.DescribeReplicationTaskAsync(deployment.Pipeline.TaskArn, cancellationToken);
        AnsiConsole.MarkupLineInterpolated(
            $"DMS task [bold]{task.ReplicationTaskIdentifier}[/]: {task.Status} {task.StopReason} {task.LastFailureMessage}");

        var tables = new Table().AddColumns("table", "state", "full load", "inserts", "updates", "deletes");
        foreach (var table in await deployment.Dms.DescribeTableStatisticsAsync(deployment.Pipeline.TaskArn, cancellationToken))
        {
            long[] counts = [table.FullLoadRows, table.Inserts, table.Updates, table.Deletes];
            tables.AddRow(
                [$"{table.SchemaName}.{table.TableName}", table.TableState,
                    .. counts.Select(count => count.ToString(CultureInfo.InvariantCulture))]);
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
        if (environment.Aws is { } aws && await LocalStack.HealthAsync(aws.Port, cancellationToken) is { } health)
        {
            var processes = health.Processes.Select(process => $"{process.Name} ({process.Id})");
            AnsiConsole.WriteLine($"Local AWS: http://127.0.0.1:{aws.Port}, {string.Join(", ", processes)}");
            foreach (var problem in health.Problems)
            {
                AnsiConsole.MarkupLineInterpolated($"  [red]✗[/] {problem}");
            }
        }

        return 0;
    }
}
