using LocalAws.Replication.Reporting;
using LocalAws.Replication.Sequence;
using LocalAws.Replication.Source;
using LocalAws.Replication.State;
using Npgsql;
using NpgsqlTypes;

namespace LocalAws.Replication.Tasks;

/// <summary>Finds or makes the slot and says from which position to read it.</summary>
internal sealed class SlotPreparation(
    TaskSpec spec, TaskConfiguration settings, TaskStateFile stateFile, NpgsqlConnection engine, SourceServer server, Reporter reporter,
    TimeProvider time)
{
    private static readonly LogPosition Beginning = new(0, LogPosition.FirstCounter, 0);

    private readonly ReplicationSlot _slot = new(engine, settings.SlotName(spec), time);
    private readonly OpenTransactions _open = new(engine, settings.Task, reporter, time);

    // One that the endpoint names may be somebody's: it is neither dropped nor made anew.
    private bool IsGiven => settings.Source.SlotName is not null;

    /// <summary>The position, and whether the slot is the engine's to drop.</summary>
    public async Task<(LogPosition Position, bool SlotIsOurs)> PrepareAsync(TaskState? state, CancellationToken cancellationToken)
    {
        if (state is not null)
        {
            return (await ResumeAsync(state, cancellationToken), state.SlotIsOurs);
        }

        if (spec.MigrationType == MigrationTypes.Cdc && spec.CdcStartPosition is { Length: > 0 } position)
        {
            return (await StartAtAsync(position, cancellationToken), false);
        }

        // First of all: a checkpoint of the earlier life beside a slot of this one would make a resume skip the log between the two.
        var earlier = stateFile.Read();
        stateFile.Delete();
        if (IsGiven && await _slot.FindAsync(cancellationToken) is { } confirmed)
        {
            return (await TakeAsync(confirmed, cancellationToken), earlier?.SlotName == _slot.Name && earlier.SlotIsOurs);
        }

        // A slot that is left from an earlier life of the task would bring back what that life has written.
        await _slot.DropAsync(cancellationToken);
        if (server.MayBeginSlotsWithinTransactions)
        {
            reporter.Warning(
                LogComponents.SourceCapture,
                $"PostgreSQL {server.Version / 10_000}.{server.Version % 10_000} may begin a slot within a transaction when another slot "
                + "is read: update it to 15.8, 16.4 or later. "
                + "This task waits for such transactions and leaves them to the load; other readers of the log may lose them.");
        }

        reporter.Info(
            LogComponents.SourceCapture, $"Creating the replication slot '{_slot.Name}'; transactions that are open now are waited for.");
        return (Beginning with { Lsn = await _slot.CreateAsync(server, _open, settings.Task, cancellationToken) }, true);
    }

    /// <summary>Begins with a slot that is there; a load that is made anew has what it held.</summary>
    private async Task<LogPosition> TakeAsync(ulong confirmed, CancellationToken cancellationToken)
    {
        reporter.Info(LogComponents.SourceCapture, $"Reading the replication slot '{_slot.Name}' of the source endpoint.");
        if (spec.StartType == StartTypes.Reload)
        {
            await _slot.AdvanceAsync(cancellationToken);
            confirmed = await _slot.FindAsync(cancellationToken) ?? confirmed;
        }

        await _open.WaitAsync(cancellationToken);
        return Beginning with { Lsn = confirmed };
    }

    private async Task<LogPosition> ResumeAsync(TaskState state, CancellationToken cancellationToken)
    {
        if (state.SlotName != _slot.Name || await _slot.FindAsync(cancellationToken) is not { } confirmed)
        {
            throw ReplicationSlot.Missing(state.SlotName);
        }

        if (confirmed > state.Lsn)
        {
            throw new ReplicationException(
                $"The replication slot '{_slot.Name}' begins at {Files.LsnText.Format(confirmed)}, behind the task's checkpoint "
                + $"{Files.LsnText.Format(state.Lsn)}, so the log in between is lost: start the task with reload-target.");
        }

        return new LogPosition(state.Lsn, state.Counter, state.SequenceMicros);
    }

    private async Task<LogPosition> StartAtAsync(string position, CancellationToken cancellationToken)
    {
        var lsn = ParsePosition(position);
        if (await _slot.FindAsync(cancellationToken) is not { } confirmed)
        {
            throw new ReplicationException(
                $"CdcStartPosition needs a replication slot that holds the log from there on, and there is no slot '{_slot.Name}': set "
                + "SlotName on the source endpoint.");
        }

        if (confirmed > lsn)
        {
            throw new ReplicationException(
                $"CdcStartPosition {position} lies before {Files.LsnText.Format(confirmed)}, from where on the replication slot "
                + $"'{_slot.Name}' holds the log.");
        }

        return Beginning with { Lsn = lsn };
    }

    /// <summary>An LSN, alone or as the third part of a checkpoint.</summary>
    private static ulong ParsePosition(string position)
    {
        var text = position.StartsWith("checkpoint:", StringComparison.Ordinal)
            ? position.Split('#').ElementAtOrDefault(2) ?? ""
            : position;
        return NpgsqlLogSequenceNumber.TryParse(text, out var lsn)
            ? (ulong)lsn
            : throw new ReplicationException(
                $"CdcStartPosition '{position}' is neither a log position such as 0/1A2B3C4D nor a checkpoint.");
    }
}
