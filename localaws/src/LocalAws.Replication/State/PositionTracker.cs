using LocalAws.Replication.Sequence;

namespace LocalAws.Replication.State;

/// <summary>
/// Tells how far the log may be confirmed: to the mark before the first transaction that has a change which is not in S3 yet.
/// Batches take a hold on that mark when they open and give it back when they are uploaded.
/// </summary>
internal sealed class PositionTracker(StreamMark start)
{
    private readonly Lock _lock = new();
    private readonly LinkedList<StreamMark> _holds = new();
    private StreamMark _latest = start;
    private int _underWay;

    /// <summary>The mark behind the last transaction whose changes are staged.</summary>
    public StreamMark Latest
    {
        get
        {
            lock (_lock)
            {
                return _latest;
            }
        }
    }

    /// <summary>Whether a transaction has begun to be read and is not staged whole.</summary>
    public bool InTransaction
    {
        get
        {
            lock (_lock)
            {
                return _underWay > 0;
            }
        }
    }

    public StreamMark Confirmable
    {
        get
        {
            lock (_lock)
            {
                return _holds.First?.Value ?? _latest;
            }
        }
    }

    /// <summary>A transaction begins to be read.</summary>
    public void Begin()
    {
        lock (_lock)
        {
            _underWay++;
        }
    }

    /// <summary>A transaction that was being read will come again.</summary>
    public void Abandon()
    {
        lock (_lock)
        {
            _underWay--;
        }
    }

    /// <summary>A transaction is staged whole.</summary>
    public void Commit(StreamMark mark)
    {
        lock (_lock)
        {
            _underWay--;
            _latest = mark;
        }
    }

    /// <summary>
    /// Moves on where nothing is pending: the server said that it has nothing up to <paramref name="lsn"/>.
    /// The caller reads the position before it calls, so that what arrives in between holds it back.
    /// </summary>
    public void AdvanceIdle(ulong lsn)
    {
        lock (_lock)
        {
            if (_underWay == 0 && _holds.Count == 0 && lsn > _latest.Lsn)
            {
                _latest = _latest with { Lsn = lsn };
            }
        }
    }

    /// <summary>Holds the position at the mark behind the last whole transaction.</summary>
    public LinkedListNode<StreamMark> Hold()
    {
        lock (_lock)
        {
            return _holds.AddLast(_latest);
        }
    }

    public void Release(LinkedListNode<StreamMark> hold)
    {
        lock (_lock)
        {
            _holds.Remove(hold);
        }
    }
}
