using System.Globalization;
using Cdc.Harness.Pipelines;

namespace Cdc.Harness.Changes;

/// <summary>The changes that a pipeline's logs must hold: those of a second slot, from the start of the task's own slot on.</summary>
/// <param name="folder">Keeps what was read and where the task's slot began, for later rounds on the same stack.</param>
public sealed class ChangeOracle(Deployment deployment, string folder)
{
    private const string Slot = "cdc_oracle";
    private static readonly TimeSpan SlotLimit = TimeSpan.FromMinutes(2);

    private readonly SecondSlot _slot = new(deployment.Source, Slot, Path.Combine(folder, "oracle.pgoutput"));

    private string StartFile => Path.Combine(folder, "oracle.start");

    /// <summary>Creates the second slot; before the task starts.</summary>
    public Task PrepareAsync(CancellationToken cancellationToken) => _slot.CreateAsync(deployment.Pipeline.Tables, cancellationToken);

    /// <summary>Notes where the task's slot begins; to be running when the task is started.</summary>
    public async Task WatchTaskSlotAsync(CancellationToken cancellationToken)
    {
        var start = await _slot.TaskSlotStartAsync(SlotLimit, cancellationToken);
        await File.WriteAllTextAsync(StartFile, start.ToString(CultureInfo.InvariantCulture), cancellationToken);
    }

    /// <summary>All changes so far.</summary>
    public async Task<IReadOnlyList<Change>> ReadAsync(CancellationToken cancellationToken) =>
        await _slot.ReadAsync(ulong.Parse(await File.ReadAllTextAsync(StartFile, cancellationToken), CultureInfo.InvariantCulture), cancellationToken);

    public Task DropAsync(CancellationToken cancellationToken) => _slot.DropAsync(cancellationToken);
}
