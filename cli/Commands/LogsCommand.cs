using System.CommandLine;
using Cdc.Cli.Environments;
using Cdc.Cli.Interface;
using Spectre.Console;

namespace Cdc.Cli.Commands;

/// <summary>The latest lines of task, function and job, from CloudWatch Logs, in the order of time.</summary>
internal static class LogsCommand
{
    private const int LinesShown = 80;

    public static Command Create() => new EnvironmentCommand("logs", "The latest lines of task, function and job.", RunAsync);

    private static async Task<int> RunAsync(TargetedEnvironment environment, CancellationToken cancellationToken)
    {
        await environment.EnterAsync(cancellationToken);
        await using var deployment = await environment.OpenAsync(cancellationToken);
        var since = DateTimeOffset.UtcNow.AddHours(-1);
        (string Name, string Group)[] groups =
        [
            ("task", deployment.Pipeline.TaskLogGroup),
            ("function", deployment.Pipeline.FunctionLogGroup),
            ("job", deployment.Pipeline.JobLogGroup),
        ];
        var lines = new List<(string Name, DateTimeOffset Time, string Text)>();
        foreach (var (name, group) in groups)
        {
            lines.AddRange(
                (await deployment.Logs.FilterLogEventsAsync(group, null, null, since, cancellationToken))
                    .Select(line => (name, line.Timestamp, line.Message)));
        }

        foreach (var (name, time, text) in lines.OrderBy(line => line.Time).TakeLast(LinesShown))
        {
            AnsiConsole.WriteLine($"{time:HH:mm:ss.fff} {name,-8} {text.TrimEnd()}");
        }

        AnsiConsole.WriteLine(
            environment.Aws is { } aws
                ? $"\nErrors of a run: CloudWatch group {deployment.Pipeline.JobErrorLogGroup}. The local AWS itself: {aws.Stack.LogFile}"
                : $"\nErrors of a run: CloudWatch group {deployment.Pipeline.JobErrorLogGroup}.");
        return 0;
    }
}
