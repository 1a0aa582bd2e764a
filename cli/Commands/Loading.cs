using Cdc.Cli.Output;
using Cdc.Harness.Pipelines;
using Cdc.Harness.Pipelines.Loads;
using Cdc.Harness.Pipelines.State;

namespace Cdc.Cli.Commands;

/// <summary>The loads of a deployment's tables, recorded in its state and shown to whoever waits.</summary>
internal static class Loading
{
    private static readonly TimeSpan Poll = TimeSpan.FromSeconds(1);

    public static TableLoads Of(Deployment deployment, StateFolder state, LoadProgress progress) => new(
        deployment.Pipeline.Tables,
        new DmsReplicationTask(deployment.Dms, deployment.Pipeline.TaskArn),
        state.RecordAsync,
        progress.Show,
        Poll,
        TimeProvider.System);
}
