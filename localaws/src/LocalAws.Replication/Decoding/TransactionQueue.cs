using System.Threading.Channels;

namespace LocalAws.Replication.Decoding;

/// <summary>Whole transactions between the one who reads the log and the one who writes files. What waits in it is bounded.</summary>
internal sealed class TransactionQueue
{
    private const long MostBytes = 32L * 1024 * 1024;

    private readonly Channel<DecodedTransaction> _transactions =
        Channel.CreateUnbounded<DecodedTransaction>(new UnboundedChannelOptions { SingleReader = true, SingleWriter = true });

    private readonly Channel<bool> _room = Channel.CreateBounded<bool>(
        new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });
    private long _bytes;

    /// <summary>Adds a transaction; waits while too much is in the queue.</summary>
    public async ValueTask AddAsync(DecodedTransaction transaction, CancellationToken cancellationToken)
    {
        while (Interlocked.Read(ref _bytes) >= MostBytes)
        {
            await _room.Reader.ReadAsync(cancellationToken);
        }

        Interlocked.Add(ref _bytes, transaction.MemoryBytes);
        _transactions.Writer.TryWrite(transaction);
    }

    /// <summary>Waits until a change of so many bytes can be read beside what is in the queue, or nothing is in it.</summary>
    public async ValueTask RoomAsync(int bytes, CancellationToken cancellationToken)
    {
        while (Interlocked.Read(ref _bytes) is > 0 and var queued && queued + bytes > MostBytes)
        {
            await _room.Reader.ReadAsync(cancellationToken);
        }
    }

    /// <summary>Takes one after the other, for ever.</summary>
    public IAsyncEnumerable<DecodedTransaction> TakeAllAsync(CancellationToken cancellationToken) =>
        _transactions.Reader.ReadAllAsync(cancellationToken);

    /// <summary>A transaction is dealt with: it is disposed, and others may come.</summary>
    public void Done(DecodedTransaction transaction)
    {
        transaction.Dispose();
        Interlocked.Add(ref _bytes, -transaction.MemoryBytes);
        _room.Writer.TryWrite(true);
    }
}
