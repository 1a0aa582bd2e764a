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

    public static Command Create()
    {
        var options = JobOption.All();
        var command = new EnvironmentCommand(
            "run-job",
            "Start the Glue job by hand and follow it.",
            (environment, parsed, cancellationToken) => RunAsync(environment, Arguments(parsed, options), cancellationToken));
        foreach (var item in options)
        {
            command.Options.Add(item.Option);
        }

        command.Validators.Add(result =>
        {
            var asked = options.Where(item => item.IsCommand && result.GetResult(item.Option) is { Implicit: false }).ToList();
            if (asked.Count > 1)
            {
                var names = string.Join(" and ", asked.Select(item => item.Option.Name));
                result.AddError($"{names} cannot be done by one run. Start the job once for each.");
            }
        });
        return command;
    }

    private static Dictionary<string, string> Arguments(ParseResult parsed, IEnumerable<JobOption> options) =>
        options.Select(item => (item.Argument, Value: parsed.GetValue(item.Option)))
            .Where(item => !string.IsNullOrEmpty(item.Value))
            .ToDictionary(item => item.Argument, item => item.Value!);

    private static async Task<int> RunAsync(
        TargetedEnvironment environment, Dictionary<string, string> arguments, CancellationToken cancellationToken)
    {
        await environment.EnterAsync(cancellationToken);
        await using var deployment = await environment.OpenAsync(cancellationToken);
        var id = await deployment.Glue.StartJobRunAsync(deployment.Pipeline.JobName, arguments, cancellationToken);
        AnsiConsole.WriteLine($"Run {id}");
        var shown = 0;
        var run = await Eventually.BecomesAsync(
            "the run has ended",
            async token =>
            {
                var seen = await deployment.Glue.GetJobRunAsync(deployment.Pipeline.JobName, id, token);
                var lines = await deployment.Logs.FilterLogEventsAsync(deployment.Pipeline.JobLogGroup, null, id, null, token);
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
