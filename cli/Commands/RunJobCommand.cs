using System.CommandLine;
using Cdc.Cli.Environments;
using Cdc.Cli.Interface;
using Cdc.Cli.Output;
using Cdc.Harness.Waiting;
using Spectre.Console;

namespace Cdc.Cli.Commands;

/// <summary>Starts the job by hand and follows the run to its end.</summary>
internal static class RunJobCommand
{
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(60);

    public static Command Create() => new EnvironmentCommand("run-job", "Start the Glue job by hand and follow it.", RunAsync);

    private static async Task<int> RunAsync(TargetedEnvironment environment, CancellationToken cancellationToken)
    {
        await environment.EnterAsync(cancellationToken);
        await using var deployment = await environment.OpenAsync(cancellationToken);
        var id = await deployment.Glue.StartJobRunAsync(deployment.Pipeline.JobName, new Dictionary<string, string>(), cancellationToken);
        AnsiConsole.WriteLine($"Run {id}");
        var shown = 0;
        var run = await Eventually.BecomesAsync(
            "the run has ended",
            async token =>
            {
                var seen = await deployment.Glue.GetJobRunAsync(deployment.Pipeline.JobName, id, token);
                var lines = await deployment.Logs.FilterLogEventsAsync("/aws-glue/jobs/output", null, id, null, token);
                foreach (var line in lines.Skip(shown))
                {
                    AnsiConsole.WriteLine($"  {line.Message.TrimEnd()}");
                }

                shown = lines.Count;
                return seen;
            },
            seen => !seen.IsActive,
            Limit,
            cancellationToken);
        AnsiConsole.WriteLine($"{run.JobRunState} after {(run.CompletedOn - run.StartedOn)?.TotalSeconds:F1} s {run.ErrorMessage}");
        return run.JobRunState == "SUCCEEDED" ? 0 : 1;
    }
}
