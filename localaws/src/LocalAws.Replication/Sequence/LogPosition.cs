namespace LocalAws.Replication.Sequence;

/// <summary>
/// A place between two transactions of the log, with the state of the sequence there: whoever reads on from it gives every change
/// the sequence that it had before.
/// </summary>
/// <param name="Lsn">Everything that ends at or before it has been seen.</param>
/// <param name="Counter">The counter of the last change.</param>
/// <param name="SequenceMicros">The latest commit time that a sequence was made of, microseconds since 1970-01-01.</param>
internal sealed record LogPosition(ulong Lsn, long Counter, long SequenceMicros)
{
    /// <summary>Before the first change of a task, whose counter is 61.</summary>
    public const long FirstCounter = 61 - ChangeSequence.TransactionStep;
}
