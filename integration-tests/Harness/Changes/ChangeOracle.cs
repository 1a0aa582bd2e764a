using Cdc.Harness.Comparison;
using Cdc.Harness.Pipelines;

namespace Cdc.Harness.Changes;

/// <summary>
/// What a pipeline's logs must hold: the changes that a second slot sees, and the rows that were there to be loaded. The second slot begins
/// at rest: nobody writes between its creation and that of the task's own slot, so that both begin with the same commit.
/// </summary>
/// <param name="deployment">The pipeline, whose source gets the second slot.</param>
/// <param name="folder">Keeps what was read, for later rounds on the same stack.</param>
public sealed class ChangeOracle(Deployment deployment, string folder)
{
    private const string Slot = "cdc_oracle";
    private static readonly TimeSpan SlotLimit = TimeSpan.FromMinutes(10);

    private readonly SecondSlot _slot = new(deployment.Source, Slot, Path.Combine(folder, "oracle.pgoutput"));

    /// <summary>Whether there is an oracle that has seen the task from its start.</summary>
    public Task<bool> HasBegunAsync(CancellationToken cancellationToken) => _slot.ExistsAsync(cancellationToken);

    /// <summary>Begins anew; before the task's first start, and while nobody writes.</summary>
    public async Task BeginAsync(CancellationToken cancellationToken)
    {
        await LoadedRows.KeepAsync(deployment.Source, deployment.Pipeline.Tables, cancellationToken);
        await _slot.CreateAsync(deployment.Pipeline.Tables, cancellationToken);
    }

    /// <summary>Waits until the task captures changes; from then on everybody may write.</summary>
    public Task TaskCapturesAsync(CancellationToken cancellationToken) => _slot.OtherSlotAsync(SlotLimit, cancellationToken);

    /// <summary>All changes so far.</summary>
    public Task<IReadOnlyList<Change>> ReadAsync(CancellationToken cancellationToken) => _slot.ReadAsync(cancellationToken);

    /// <summary>Removes the slot, which would hold the source's log back for ever, and the copies of rows.</summary>
    public async Task DropAsync(CancellationToken cancellationToken)
    {
        await _slot.DropAsync(cancellationToken);
        await LoadedRows.DropAsync(deployment.Source, cancellationToken);
    }
}
