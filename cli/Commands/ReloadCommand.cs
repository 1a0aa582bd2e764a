using System.CommandLine;
using Cdc.Cli.Environments;
using Cdc.Cli.Interface;
using Cdc.Cli.Output;
using Cdc.Harness.Pipelines;
using Cdc.Harness.Pipelines.State;

namespace Cdc.Cli.Commands;

/// <summary>Has DMS load tables again while changes go on, and waits until it has.</summary>
internal static class ReloadCommand
{
    public static Command Create()
    {
        var tables = new Option<string>("--tables")
        {
            Description = "The tables, or all.",
            HelpName = "SCHEMA.NAME,…|all",
            Required = true,
        };
        tables.Validators.Add(result =>
        {
            if (string.IsNullOrWhiteSpace(result.GetValueOrDefault<string>()))
            {
                result.AddError("Say which tables: make reload TABLES=public.orders,public.customers, or TABLES=all.");
            }
        });
        return new EnvironmentCommand(
            "reload",
            "Load tables again while changes go on.",
            (environment, parsed, cancellationToken) => RunAsync(environment, parsed.GetValue(tables)!, cancellationToken))
        {
            tables,
        };
    }

    private static async Task<int> RunAsync(TargetedEnvironment environment, string tables, CancellationToken cancellationToken)
    {
        await environment.EnterAsync(cancellationToken);
        await using var deployment = await environment.OpenAsync(cancellationToken);
        var reloaded = TableNames.Find(tables, deployment.Pipeline.Tables);
        var configuration = await deployment.ConfigurationAsync(cancellationToken);
        var state = new StateFolder(deployment.S3, configuration.FinalBucket, configuration.StatePrefix);
        var progress = new LoadProgress(await EstimatesAsync(deployment, cancellationToken), TimeProvider.System);
        await Steps.RunAsync(
            $"reloaded: {(reloaded.Count == 1 ? reloaded[0].Qualified : $"{reloaded.Count} tables")}",
            () => Loading.Of(deployment, state, progress).ReloadAsync(reloaded, cancellationToken));
        return 0;
    }

    private static async Task<IReadOnlyDictionary<string, long>> EstimatesAsync(Deployment deployment, CancellationToken cancellationToken)
    {
        try
        {
            return await RowEstimates.ReadAsync(deployment.Source, deployment.Pipeline.Tables, cancellationToken);
        }
        catch (Exception lost) when (SourceReach.IsLost(lost))
        {
            return new Dictionary<string, long>();
        }
    }
}
