namespace LocalAws.Replication.Sequence;

/// <summary>
/// Numbers the changes of a task, all tables together: 61 for the first, 4 more within a transaction, 12 more from one to the next.
/// The steps are those of DMS's engine; only the order may be relied on.
/// </summary>
internal sealed class ChangeSequence(LogPosition start)
{
    public const int TransactionStep = 12;
    private const int ChangeStep = 4;

    private bool _first;

    public long Counter { get; private set; } = start.Counter;

    /// <summary>
    /// The commit time in the sequence. Commits reach the log in another order than they took their time: the later of the previous and
    /// this one keeps a sequence from stepping back.
    /// </summary>
    public long Micros { get; private set; } = start.SequenceMicros;

    /// <summary>The number of the change in its transaction, from 1.</summary>
    public long NumberInTransaction { get; private set; }

    public void BeginTransaction(long commitMicros)
    {
        Micros = Math.Max(Micros, commitMicros);
        NumberInTransaction = 0;
        _first = true;
    }

    public void Next()
    {
        Counter += _first ? TransactionStep : ChangeStep;
        NumberInTransaction++;
        _first = false;
    }

    /// <summary>The position behind the transaction that ends at <paramref name="lsn"/>.</summary>
    public LogPosition PositionAt(ulong lsn) => new(lsn, Counter, Micros);
}
