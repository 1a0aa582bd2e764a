using LocalAws.Replication.Decoding;
using LocalAws.Replication.Files;
using LocalAws.Replication.Reporting;
using LocalAws.Replication.Sequence;
using LocalAws.Replication.Settings;
using LocalAws.Replication.State;
using LocalAws.Replication.Target;
using LocalAws.Replication.Uploads;
using LocalAws.Replication.Values;

namespace LocalAws.Replication.Changes;

/// <summary>Takes the log's transactions one by one and stages their changes in the tables' files.</summary>
internal sealed class ChangeApplier(
    IReadOnlyList<CapturedTable> tables,
    TransactionQueue transactions,
    PositionTracker positions,
    UploadQueue uploads,
    DefinitionResolver resolver,
    TableFaults faults,
    S3TargetSettings settings,
    TimeProvider time)
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(20);

    private readonly ChangeSequence _sequence = new(positions.Latest);
    private readonly RowStamp _stamp = new();
    private readonly RowImage _new = new();
    private readonly RowImage _old = new();
    private volatile bool _paused;

    /// <summary>Stages no more changes.</summary>
    public void Stop() => _paused = true;

    /// <summary>Stages until it is cancelled.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        await foreach (var transaction in transactions.TakeAllAsync(cancellationToken))
        {
            try
            {
                await ApplyAsync(transaction, cancellationToken);
            }
            finally
            {
                transactions.Done(transaction);
            }

            positions.Commit(_sequence.PositionAt(transaction.EndLsn));
        }
    }

    private async Task ApplyAsync(DecodedTransaction transaction, CancellationToken cancellationToken)
    {
        _sequence.BeginTransaction(transaction.CommitMicros);
        _stamp.BeginTransaction(transaction.CommitMicros, _sequence.Micros, transaction.EndLsn);
        HashSet<int>? looked = null;
        while (transaction.TryRead(out var change))
        {
            while (_paused || uploads.IsFull)
            {
                await Task.Delay(Pause, time, cancellationToken);
            }

            var table = tables[change.Table];
            // Every change counts, whether it is written or not: what comes again after a crash has the numbers that it had.
            _sequence.Next();
            if (change.Operation == 0 || table.Target.IsSuspended)
            {
                continue;
            }

            try
            {
                var match = Read(table, change);
                // Digits are looked up once a transaction and table: a row of before they were changed goes on to differ.
                if ((match == ColumnsMatch.Other || (match == ColumnsMatch.OtherDecimals && (looked ??= []).Add(change.Table)))
                    && await resolver.ResolveAsync(table, change, cancellationToken))
                {
                    match = Read(table, change);
                }

                Apply(table, change, match);
            }
            catch (TableFaultException fault)
            {
                faults.Suspend(
                    table,
                    $"{fault.Message} (Change {_sequence.NumberInTransaction} of the transaction "
                    + $"that ends at {LsnText.Format(transaction.EndLsn)}.)");
            }
            catch (IOException disk)
            {
                // Not the network: reading the log again would meet the same disk, with half a row group in the file.
                throw new ReplicationException(
                    $"A change could not be staged on the local disk: {disk.Message} "
                        + "Make room there, then start the task with resume-processing.",
                    disk);
            }
        }
    }

    /// <summary>Reads the rows of a change: the old one, and the new one.</summary>
    private ColumnsMatch Read(CapturedTable table, DecodedChange change)
    {
        var text = change.Columns;
        _old.Reset([]);
        _new.Reset([]);
        if (text.TakeNoTuple())
        {
            return ColumnsMatch.Same;
        }

        if (change.Operation == 'D')
        {
            return text.OldRow(table.Definition, _old);
        }

        var old = text.TakeOldKey() ? text.OldRow(table.Definition, _old) : ColumnsMatch.Same;
        text.TakeNewTuple();
        var changed = old == ColumnsMatch.Other ? ColumnsMatch.Other : text.Row(table.Definition, _new);
        return changed > old ? changed : old;
    }

    private void Apply(CapturedTable table, DecodedChange change, ColumnsMatch match)
    {
        if (match == ColumnsMatch.Other)
        {
            throw new TableFaultException(
                $"A change of {table.Display} has columns that no known definition of the table has: start the task with reload-target.");
        }

        _old.UndoubleQuotes();
        _new.UndoubleQuotes();
        switch (change.Operation)
        {
            case (byte)'I':
                Insert(table);
                break;
            case (byte)'U':
                Update(table);
                break;
            default:
                Delete(table);
                break;
        }
    }

    private void Insert(CapturedTable table)
    {
        if (table.Definition.Filter.Matches(_new))
        {
            Write(table, (byte)'I', _new, null, null);
        }
    }

    private void Update(CapturedTable table)
    {
        // Without a key DMS writes updates only if the log says which row it was.
        var old = _old.Count > 0 ? _old : null;
        if (settings.CdcInsertsOnly
            || (old is null && !table.Definition.Source.HasPrimaryKey)
            || !table.Definition.Filter.Matches(_new, old))
        {
            return;
        }

        Write(table, (byte)'U', _new, old is not null && KeyDiffers(table) ? old : null, old);
    }

    private void Delete(CapturedTable table)
    {
        if (settings.CdcInsertsOnly || settings.CdcInsertsAndUpdates)
        {
            return;
        }

        var definition = table.Definition;
        if (_old.Count == 0 && !definition.Source.HasPrimaryKey)
        {
            return;
        }

        foreach (var key in definition.Schema.Keys)
        {
            if (!_old.HasValue(key))
            {
                throw new TableFaultException(
                    $"A delete of {table.Display} came without the key column {definition.Source.Columns[key].Name}: the table "
                    + "has no replica identity "
                    + "that tells it (primary key dropped, changed or deferrable, REPLICA IDENTITY NOTHING or USING INDEX). ALTER TABLE "
                    + $"{definition.Source.Quoted} "
                    + "REPLICA IDENTITY DEFAULT, or FULL where the key is deferrable, then reload the table.");
            }
        }

        if (definition.Filter.IsEmpty || (definition.Filter.JudgesOldRows && definition.Filter.Matches(_old)))
        {
            Write(table, (byte)'D', _old, null, null);
        }
    }

    private bool KeyDiffers(CapturedTable table)
    {
        foreach (var key in table.Definition.Schema.Keys)
        {
            if (_old.HasValue(key) && _new.HasValue(key) && !_old[key].SequenceEqual(_new[key]))
            {
                return true;
            }
        }

        return false;
    }

    private void Write(CapturedTable table, byte operation, RowImage row, RowImage? before, RowImage? fallback)
    {
        _stamp.Operation = operation;
        _stamp.SetChange(_sequence.Counter, _sequence.NumberInTransaction);
        table.Target.Write(_stamp, row, before, fallback);
    }
}
