namespace LocalAws.Replication.Sequence;

/// <summary>Where a row stands in the log. It is the same whenever the log is read, whatever is selected or filtered.</summary>
/// <param name="CommitLsn">Where its transaction is committed; transactions are sent in this order.</param>
/// <param name="Row">Its number among all rows of the transaction, from 1.</param>
internal readonly record struct LogPlace(ulong CommitLsn, long Row)
{
    /// <summary>Whether it is <paramref name="other"/> or before it.</summary>
    public bool IsUpTo(LogPlace other) => CommitLsn < other.CommitLsn || (CommitLsn == other.CommitLsn && Row <= other.Row);
}
