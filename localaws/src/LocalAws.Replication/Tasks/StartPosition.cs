using LocalAws.Replication.Reporting;
using LocalAws.Replication.Sequence;
using LocalAws.Replication.Source;
using LocalAws.Replication.State;
using Npgsql;
using NpgsqlTypes;

namespace LocalAws.Replication.Tasks;

/// <summary>Finds or makes the slot and says from which mark to read it.</summary>
internal sealed class StartPosition(TaskSpec spec, TaskSettingsSet settings, TaskStateFile stateFile, NpgsqlConnection engine, Reporter reporter)
{
    private static readonly StreamMark Beginning = new(0, StreamMark.FirstCounter, 0);

    public async Task<StreamMark> PrepareAsync(IReadOnlyList<SourceTable> tables, TaskState? state, CancellationToken cancellationToken)
    {
        var slot = new ReplicationSlot(engine, settings.SlotName(spec));
        var publications = new Publications(engine, slot.Name);
        if (state is not null)
        {
            return await ResumeAsync(slot, publications, tables, state, cancellationToken);
        }

        if (spec.MigrationType == MigrationTypes.Cdc && spec.CdcStartPosition is { Length: > 0 } position)
        {
            return await StartAtAsync(slot, publications, tables, position, cancellationToken);
        }

        // First of all: a checkpoint of the earlier life beside a slot of this one would make a resume skip the log between the two.
        stateFile.Delete();
        // A slot that is left from an earlier life of the task would bring back what that life has written.
        await slot.DropAsync(cancellationToken);
        await publications.CreateAsync(tables, cancellationToken);
        reporter.Info(LogComponents.SourceCapture, $"Creating the replication slot '{slot.Name}'; transactions that are open now are waited for.");
        var lsn = await slot.CreateAsync(settings.Task, reporter, cancellationToken);
        return Beginning with { Lsn = lsn };
    }

    private static async Task<StreamMark> ResumeAsync(
        ReplicationSlot slot, Publications publications, IReadOnlyList<SourceTable> tables, TaskState state, CancellationToken cancellationToken)
    {
        if (state.SlotName != slot.Name || await slot.FindAsync(cancellationToken) is not { } confirmed)
        {
            throw new ReplicationException(
                $"The replication slot '{state.SlotName}' of the task's checkpoint does not exist, so the log since then is lost: start the task with reload-target.");
        }

        if (confirmed > state.Lsn)
        {
            throw new ReplicationException(
                $"The replication slot '{slot.Name}' begins at {Files.LsnText.Format(confirmed)}, behind the task's checkpoint {Files.LsnText.Format(state.Lsn)}, so the log in between is lost: start the task with reload-target.");
        }

        await publications.AddMissingAsync(tables, cancellationToken);
        return new StreamMark(state.Lsn, state.Counter, state.SequenceMicros);
    }

    private static async Task<StreamMark> StartAtAsync(
        ReplicationSlot slot, Publications publications, IReadOnlyList<SourceTable> tables, string position, CancellationToken cancellationToken)
    {
        var lsn = ParsePosition(position);
        if (await slot.FindAsync(cancellationToken) is not { } confirmed)
        {
            throw new ReplicationException(
                $"CdcStartPosition needs a replication slot that holds the log from there on, and there is no slot '{slot.Name}': set SlotName on the source endpoint.");
        }

        if (confirmed > lsn)
        {
            throw new ReplicationException(
                $"CdcStartPosition {position} lies before {Files.LsnText.Format(confirmed)}, from where on the replication slot '{slot.Name}' holds the log.");
        }

        await publications.AddMissingAsync(tables, cancellationToken);
        return Beginning with { Lsn = lsn };
    }

    /// <summary>An LSN, alone or as the third part of a checkpoint.</summary>
    private static ulong ParsePosition(string position)
    {
        var text = position.StartsWith("checkpoint:", StringComparison.Ordinal) ? position.Split('#').ElementAtOrDefault(2) ?? "" : position;
        return NpgsqlLogSequenceNumber.TryParse(text, out var lsn)
            ? (ulong)lsn
            : throw new ReplicationException($"CdcStartPosition '{position}' is neither a log position such as 0/1A2B3C4D nor a checkpoint.");
    }
}
