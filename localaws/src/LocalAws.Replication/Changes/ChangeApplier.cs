using LocalAws.Replication.Files;
using LocalAws.Replication.Sequence;
using LocalAws.Replication.Settings;
using LocalAws.Replication.State;
using LocalAws.Replication.Values;

namespace LocalAws.Replication.Changes;

/// <summary>Takes the log's messages one by one and stages the changes in their tables' files. One thread uses it.</summary>
internal sealed class ChangeApplier(
    PositionTracker positions, S3TargetSettings settings, Func<RelationMessage, CancellationToken, Task<CapturedTable?>> resolve)
{
    private readonly Dictionary<uint, (RelationMessage Message, CapturedTable? Table)> _relations = [];
    private readonly ChangeSequence _sequence = new(positions.Latest);
    private readonly RowStamp _stamp = new();
    private readonly RowImage _new = new();
    private readonly RowImage _old = new();
    private LogPlace _place;

    public async ValueTask ApplyAsync(byte[] message, CancellationToken cancellationToken)
    {
        if (message[0] == 'R')
        {
            var relation = ReadRelation(message);
            _relations[relation.Oid] = (relation, await resolve(relation, cancellationToken));
        }
        else
        {
            Apply(message);
        }
    }

    private static RelationMessage ReadRelation(byte[] message)
    {
        var reader = new MessageReader(message);
        reader.Byte();
        return RelationMessage.Read(ref reader);
    }

    private void Apply(byte[] message)
    {
        var reader = new MessageReader(message);
        var kind = reader.Byte();
        if (kind is (byte)'I' or (byte)'U' or (byte)'D')
        {
            _place = _place with { Row = _place.Row + 1 };
        }

        switch (kind)
        {
            case (byte)'B':
                Begin(ref reader);
                break;
            case (byte)'C':
                Commit(ref reader);
                break;
            case (byte)'I':
                Insert(ref reader);
                break;
            case (byte)'U':
                Update(ref reader);
                break;
            case (byte)'D':
                Delete(ref reader);
                break;
            default:
                // Origins, types and TRUNCATE: DMS writes nothing for them.
                break;
        }
    }

    private void Begin(ref MessageReader reader)
    {
        var commitLsn = reader.UInt64();
        var committed = reader.Time();
        positions.Begin();
        _place = new LogPlace(commitLsn, 0);
        _sequence.BeginTransaction(committed);
        _stamp.BeginTransaction(committed, _sequence.Micros, commitLsn);
    }

    private void Commit(ref MessageReader reader)
    {
        reader.Byte();
        reader.UInt64();
        positions.Commit(_sequence.MarkAt(reader.UInt64()));
    }

    private void Insert(ref MessageReader reader)
    {
        var (_, table) = _relations[reader.UInt32()];
        if (table is null)
        {
            return;
        }

        reader.Byte();
        reader.Tuple(_new);
        if (table.Filter.IsEmpty || table.Filter.Matches(_new))
        {
            Write(table, (byte)'I', _new, null, null);
        }
    }

    private void Update(ref MessageReader reader)
    {
        var (relation, table) = _relations[reader.UInt32()];
        if (table is null || settings.CdcInsertsOnly)
        {
            return;
        }

        // K: the old key, there when it changed. O: the old row, with REPLICA IDENTITY FULL.
        var kind = reader.Byte();
        var hasOld = kind != 'N';
        if (hasOld)
        {
            reader.Tuple(_old);
            reader.Byte();
        }

        reader.Tuple(_new);
        if (!table.Filter.IsEmpty && !table.Filter.Matches(_new))
        {
            return;
        }

        var keyChanged = hasOld && (!relation.FullIdentity || KeyDiffers(table));
        var fallback = hasOld && relation.FullIdentity ? _old : null;
        Write(table, (byte)'U', _new, keyChanged ? _old : null, fallback);
    }

    private void Delete(ref MessageReader reader)
    {
        var (relation, table) = _relations[reader.UInt32()];
        if (table is null || settings.CdcInsertsOnly || settings.CdcInsertsAndUpdates)
        {
            return;
        }

        reader.Byte();
        reader.Tuple(_old);
        if (table.Filter.IsEmpty || ((relation.FullIdentity || table.Filter.NeedsOnlyKeys) && table.Filter.Matches(_old)))
        {
            Write(table, (byte)'D', _old, null, null);
        }
    }

    private bool KeyDiffers(CapturedTable table)
    {
        foreach (var key in table.Target.Schema.Keys)
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
        _sequence.Next();
        _stamp.Operation = operation;
        _stamp.SetChange(_sequence.Counter, _sequence.NumberInTransaction);
        table.Target.Write(_place, _stamp, row, before, fallback);
    }
}
