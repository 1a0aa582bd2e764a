using System.CommandLine;
using Cdc.Cli.Environments;
using Cdc.Cli.Interface;
using Cdc.Cli.Output;
using Cdc.Harness.Pipelines;
using Cdc.Harness.Pipelines.Configuration;
using Cdc.Harness.Pipelines.Preflight;
using Cdc.Harness.Pipelines.State;
using Spectre.Console;

namespace Cdc.Cli.Commands;

/// <summary>
/// Tests both connections, prepares the source, starts or resumes the task, has tables loaded that never were, and records for the job what
/// it cannot ask. Repeated, it does what is left to do.
/// </summary>
internal static class StartCommand
{
    public static Command Create() =>
        new EnvironmentCommand(
            "start", "Test the connections, prepare the source, start or resume the DMS task, load tables that were added.", RunAsync);

    private static async Task<int> RunAsync(TargetedEnvironment environment, CancellationToken cancellationToken)
    {
        await environment.EnterAsync(cancellationToken);
        await using var deployment = await environment.OpenAsync(cancellationToken);
        await RunAsync(deployment, cancellationToken);
        return 0;
    }

    public static async Task RunAsync(Deployment deployment, CancellationToken cancellationToken)
    {
        var configuration = await deployment.ConfigurationAsync(cancellationToken);
        var state = new StateFolder(deployment.S3, configuration.FinalBucket, configuration.StatePrefix);
        await Steps.RunAsync("DMS connections tested", () => deployment.Replication.TestConnectionsAsync(cancellationToken));
        var estimates = await PrepareAsync(deployment, configuration, state, cancellationToken);
        await Steps.RunAsync("DMS task runs", () => deployment.Replication.StartAsync(cancellationToken));
        var progress = new LoadProgress(estimates, TimeProvider.System);
        await Steps.RunAsync("tables loaded", async () =>
        {
            var added = await Loading.Of(deployment, state, progress).CompleteAsync(cancellationToken);
            return added.Count == 0 ? null : $"newly: {string.Join(", ", added.Select(table => table.Qualified))}";
        });
    }

    /// <summary>
    /// Does what needs the database. Where it is not reached from here DMS reaches it all the same, so the start goes on.
    /// </summary>
    /// <returns>Rows that the tables are believed to have.</returns>
    private static async Task<IReadOnlyDictionary<string, long>> PrepareAsync(
        Deployment deployment, JobConfiguration configuration, StateFolder state, CancellationToken cancellationToken)
    {
        IReadOnlyDictionary<string, long> estimates = new Dictionary<string, long>();
        IReadOnlyList<Finding> findings = [];
        await Steps.RunAsync("source prepared", async () =>
        {
            try
            {
                findings = await deployment.Replication.PrepareSourceAsync(cancellationToken, configuration);
                foreach (var schema in await SourceSchemas.ReadAsync(deployment.Source, deployment.Pipeline.Tables, cancellationToken))
                {
                    await state.RecordAsync(schema, cancellationToken);
                }

                estimates = await RowEstimates.ReadAsync(deployment.Source, deployment.Pipeline.Tables, cancellationToken);
                return findings.Any(finding => finding.Kind == FindingKind.Loss) ? null : "every change of every table is captured";
            }
            catch (Exception lost) when (SourceReach.IsLost(lost))
            {
                findings = [Unreached(lost)];
                return "not reached from here";
            }
        });
        foreach (var finding in findings)
        {
            Show(finding);
        }

        return estimates;
    }

    private static Finding Unreached(Exception lost) => new(
        FindingKind.Loss,
        $"The source database is not reached from here ({lost.Message}): its tables were not compared with the configuration, no replica "
        + "identity was set, and tables without rows do not come to be.",
        "`make start` again, from where the database is reached, does this and leaves the running task alone.");

    private static void Show(Finding finding)
    {
        var separator = finding.Message.Contains('\n', StringComparison.Ordinal) ? "\n    " : " ";
        var remedy = finding.Remedy is null ? "" : separator + finding.Remedy;
        if (finding.Kind == FindingKind.Applied)
        {
            AnsiConsole.MarkupLineInterpolated($"  [green]+[/] {finding.Message}[grey]{remedy}[/]");
        }
        else
        {
            AnsiConsole.MarkupLineInterpolated($"  [yellow]![/] {finding.Message}[grey]{remedy}[/]");
        }
    }
}
