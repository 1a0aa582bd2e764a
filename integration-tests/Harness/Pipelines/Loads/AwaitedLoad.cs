namespace Cdc.Harness.Pipelines.Loads;

/// <summary>A load that is waited for.</summary>
/// <param name="Table">The table.</param>
/// <param name="Before">
/// Of a load that was asked for: when the load before it began. Statistics may be those of that one for a while.
/// </param>
public sealed record AwaitedLoad(ReplicatedTable Table, DateTimeOffset? Before)
{
    /// <summary>Whether it has ended well.</summary>
    public bool IsDone(TableLoadState state) =>
        state.Phase == LoadPhase.Loaded && (Before is null || state.Started is null || state.Started > Before);

    /// <summary>Whether it has failed.</summary>
    /// <param name="state">The statistics.</param>
    /// <param name="isOld">Whether they have been like this for so long that they are no longer those of the load before.</param>
    public bool HasFailed(TableLoadState state, bool isOld) => state.Phase switch
    {
        LoadPhase.Missing => true,
        LoadPhase.Failed => isOld || state.Started != Before,
        _ => false,
    };
}
