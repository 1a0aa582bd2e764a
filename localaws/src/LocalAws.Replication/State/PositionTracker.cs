using LocalAws.Replication.Sequence;

namespace LocalAws.Replication.State;

/// <summary>
/// Tells how far the log may be confirmed: to the position before the first transaction that has a change which is not in S3 yet.
/// Batches take a hold on that position when they open and give it back when they are uploaded.
/// </summary>
internal sealed class PositionTracker(LogPosition start)
{
    private readonly Lock _lock = new();
    private readonly LinkedList<LogPosition> _holds = new();
    private LogPosition _latest = start;
    private int _underWay;

    /// <summary>The position behind the last transaction whose changes are staged.</summary>
    public LogPosition Latest
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

    public LogPosition Confirmable
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
    public void Commit(LogPosition position)
    {
        lock (_lock)
        {
            _underWay--;
            _latest = position;
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

    /// <summary>Holds the position at the position behind the last whole transaction.</summary>
    public LinkedListNode<LogPosition> Hold()
    {
        lock (_lock)
        {
            return _holds.AddLast(_latest);
        }
    }

    public void Release(LinkedListNode<LogPosition> hold)
    {
        lock (_lock)
        {
            _holds.Remove(hold);
        }
    }
}
